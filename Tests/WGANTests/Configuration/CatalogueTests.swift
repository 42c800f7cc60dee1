import ConfigurationTestSupport
import NeuralNetworks
import Testing
import WGAN

@Suite("Catalogues of constraints, data and presets")
struct CatalogueTests {
    @Test("every constraint that can be read stands in the catalogue, and no other")
    func constraints() throws {
        let listed = ConstraintCatalogue.all.map { String(describing: $0) }
        #expect(
            try Set(listed)
                == conformances(to: "ConfigurableConstraint", in: "WGAN/Constraints"))
        #expect(Set(ConstraintCatalogue.all.map { $0.configurationName }).count == listed.count)
    }

    @Test("every kind of data that can be read stands in the catalogue, and no other")
    func data() throws {
        let listed = DataCatalogue.all.map { String(describing: $0) }
        #expect(try Set(listed) == conformances(to: "ConfigurableData", in: "WGAN/Data"))
        #expect(Set(DataCatalogue.all.map { $0.configurationName }).count == listed.count)
    }

    @Test("every preset of the folder stands in the list, unchanged, and no other")
    func presets() throws {
        let files = try sourceFiles(in: "WGAN/Presets", ending: ".yaml")
        #expect(Presets.all.map(\.name) == files.keys.map { String($0.dropLast(5)) }.sorted())
        for preset in Presets.all { #expect(preset.yaml == files["\(preset.name).yaml"]) }
    }
}
