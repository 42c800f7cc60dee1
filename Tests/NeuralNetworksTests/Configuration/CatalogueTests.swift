import ConfigurationTestSupport
import NeuralNetworks
import StrictYAML
import Testing

@Suite("Catalogues of names for configuration files")
struct CatalogueTests {
    @Test("every layer that can be read stands in the catalogue, and no other")
    func layers() throws {
        let listed = LayerCatalogue.all.map { String(describing: $0) }
        #expect(
            try Set(listed) == conformances(to: "ConfigurableLayer", in: "NeuralNetworks/Layers"))
        #expect(Set(listed).count == listed.count)
    }

    @Test("every optimiser that can be read stands in the catalogue, and no other")
    func optimisers() throws {
        let listed = OptimiserCatalogue.all.map { String(describing: $0) }
        #expect(
            try Set(listed)
                == conformances(to: "ConfigurableOptimiser", in: "NeuralNetworks/Optimisers"))
        #expect(Set(listed).count == listed.count)
    }

    @Test("every initialisation that can be read stands in the catalogue, and no other")
    func initialisations() throws {
        let listed = InitialisationCatalogue.all.map { String(describing: $0) }
        #expect(
            try Set(listed)
                == conformances(
                    to: "ConfigurableInitialisation", in: "NeuralNetworks/Initialisers"))
        #expect(Set(listed).count == listed.count)
    }

    @Test("no two types of a catalogue have one name")
    func names() {
        let catalogues = [
            LayerCatalogue.all.map { $0.configurationName },
            OptimiserCatalogue.all.map { $0.configurationName },
            InitialisationCatalogue.all.map { $0.configurationName },
        ]
        for names in catalogues { #expect(Set(names).count == names.count) }
    }
}
