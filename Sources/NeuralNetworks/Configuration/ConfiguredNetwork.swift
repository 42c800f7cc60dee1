package import StrictYAML
package import TensorGraph

/// A network read from a list of layers, each of them tried on a batch's shape.
package struct ConfiguredNetwork: Sendable {
    /// The layers, whose parameters are in scopes named by their numbers.
    package private(set) var layers: [any Layer] = []
    /// The shape of a batch that leaves the last layer.
    package private(set) var output: Shape
    /// Where the last layer was written.
    package private(set) var end: ConfigurationLocation

    /// Reads the layers under `key`.
    ///
    /// - Parameters:
    ///   - input: The shape of a batch that enters the first layer.
    ///   - store: Where the layers create their parameters.
    /// - Throws: A `ConfigurationError` at the first layer that does not fit what it is given, or
    ///   that would make a tensor of more than 2³¹ numbers.
    package init(
        reading key: String, of section: ConfigurationSection, input: Shape,
        in store: inout ParameterStore
    ) throws(ConfigurationError) {
        let settings = try section.taggedList(key)
        guard !settings.isEmpty else {
            throw section.invalid(key, "has no layers; give at least one, such as 'linear: 1'")
        }
        output = input
        end = section.location
        for (number, setting) in settings.enumerated() {
            let before = store.parameters.count
            let kind = try setting.section.entry(setting.kind, in: LayerCatalogue.all) {
                $0.configurationName
            }
            let layer = try store.scoped("\(number)") {
                (store) throws(ConfigurationError) -> any Layer in
                try kind.init(reading: setting.section, input: output, in: &store)
            }
            output = try Self.result(
                of: layer, for: output, hasLabels: store.classes != nil, at: setting.section)
            for parameter in store.parameters.dropFirst(before) {
                try Self.check(parameter.shape, "parameters", at: setting.section)
            }
            layers.append(layer)
            end = setting.section.location
        }
    }

    private static func result(
        of layer: any Layer, for input: Shape, hasLabels: Bool, at section: ConfigurationSection
    ) throws(ConfigurationError) -> Shape {
        var pass = ForwardPass(.training)
        if hasLabels { pass.labels = .input("labels", [input[0]]) }
        let result = layer(.input("trial", input), &pass)
        do {
            _ = try Program(outputs: [("result", result)])
        } catch {
            throw section.failure(
                "does not fit its input \(input) (\(error.message)); change its settings or the "
                    + "layers before it")
        }
        try check(result.shape, "a result", at: section)
        return result.shape
    }

    private static func check(
        _ shape: Shape, _ what: String, at section: ConfigurationSection
    ) throws(ConfigurationError) {
        guard shape.count <= LayerLimits.elements else {
            throw section.failure(
                "has \(what) of \(shape), more than 2³¹ numbers; make the layer or the batch "
                    + "smaller")
        }
        guard shape.count > 0 else {
            throw section.failure(
                "leaves nothing of its input, \(what) of \(shape); make its window smaller")
        }
    }
}
