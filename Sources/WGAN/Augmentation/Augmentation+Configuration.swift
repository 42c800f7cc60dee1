package import NeuralNetworks
package import StrictYAML

/// A transformation that configuration files can name.
package protocol ConfigurableTransformation: ReadFromSettings, SampleTransformation {}

/// The transformations that configuration files can name.
package enum TransformationCatalogue {
    /// All of them, by their names' order.
    package static let all: [any ConfigurableTransformation.Type] = [
        Brightness.self, Contrast.self, Cutout.self, Saturation.self, Translation.self,
    ]

    /// The name for brightness, saturation and contrast with their usual settings.
    package static let colour = "colour"

    fileprivate static func read(
        _ setting: TaggedSection
    ) throws(ConfigurationError) -> [any SampleTransformation] {
        guard setting.kind != colour else { return [Brightness(), Saturation(), Contrast()] }
        let names = all.map { $0.configurationName } + [colour]
        guard let kind = all.first(where: { $0.configurationName == setting.kind }) else {
            throw setting.section.unknownKind(setting.kind, known: names.sorted())
        }
        return [try kind.init(reading: setting.section)]
    }
}

extension Augmentation {
    /// `augmentation: [colour, translation, cutout]`, or
    /// `augmentation: {transformations: [{translation: 0.25}], probability: 0.5}`.
    package init(reading section: ConfigurationSection) throws(ConfigurationError) {
        section.shorthand(for: "transformations")
        var transformations: [any SampleTransformation] = []
        for setting in try section.taggedList("transformations") {
            transformations += try TransformationCatalogue.read(setting)
        }
        guard !transformations.isEmpty else {
            throw section.invalid(
                "transformations", "are none; name some, such as 'translation', or remove the key")
        }
        self.init(transformations, probability: try Probability(reading: section))
    }
}

extension Augmentation.Probability {
    /// The kind of `probability` that changes by itself.
    package static let adaptiveName = "adaptive"

    /// `probability: 0.5`, `probability: {linear: {from: 0, to: 0.3, samples: 100000}}`,
    /// `probability: adaptive`, or `probability: {adaptive: {target: 0.6}}`.
    fileprivate init(reading section: ConfigurationSection) throws(ConfigurationError) {
        guard
            let setting = try section.tagged(
                "probability", ifKind: Self.adaptiveName, default: "1.0")
        else {
            self = .scheduled(
                try section.scheduledNumber("probability", default: 1, in: .probability))
            return
        }
        self = .adaptive(
            AdaptiveProbability(
                target: try setting.value("target", .number(in: -1...1), default: 0.6),
                interval: try setting.value("interval", .integer(in: 1...10_000), default: 4),
                samples: try setting.value("samples", .number(greaterThan: 0), default: 500_000),
                initial: try setting.value("initial", .number(in: 0...1), default: 0)))
    }
}
