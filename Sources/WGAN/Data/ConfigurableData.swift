import Datasets
package import NeuralNetworks
package import StrictYAML

/// A name that configuration files can give data, and how its settings are read.
package protocol ConfigurableData: Configurable {
    /// The data that `section` describes.
    static func read(
        _ section: ConfigurationSection
    ) throws(ConfigurationError) -> any DataConfiguration
}

/// The data that configuration files can name.
package enum DataCatalogue {
    /// All kinds, by their types' order.
    package static let all: [any ConfigurableData.Type] = [
        FashionMNIST.self, GaussianGrid25.self, GaussianMixture.self, IDXImages.self,
        ImageFolder.self, MNISTDigits.self, MixtureOnGrid.self, MixtureOnRing.self, PointFile.self,
        Rings.self, SampledRing.self, SwissRoll.self, TwoMoons.self,
    ]

    /// The data that a setting names.
    package static func read(
        _ setting: TaggedSection
    ) throws(ConfigurationError) -> any DataConfiguration {
        try setting.section.entry(setting.kind, in: all) { $0.configurationName }
            .read(setting.section)
    }
}

extension ConfigurationSection {
    /// What `body` gives; its errors become errors about this section.
    func located<Result>(_ body: () throws -> Result) throws(ConfigurationError) -> Result {
        do {
            return try body()
        } catch {
            // The libraries' sentences have full stops, a configuration's have none.
            var sentence = "\(error)"
            if sentence.last == "." { sentence.removeLast() }
            throw failure("cannot be used: \(sentence)")
        }
    }
}
