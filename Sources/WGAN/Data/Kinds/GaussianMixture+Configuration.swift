package import Datasets
package import StrictYAML

extension GaussianMixture: ConfigurableData {
    /// `mixture: [{mean: [0, 0], scale: 0.5}, {mean: [2, 0], scale: 0.5}]`.
    package static let configurationName = "mixture"

    package static func read(
        _ section: ConfigurationSection
    ) throws(ConfigurationError) -> any DataConfiguration {
        section.shorthand(for: "components")
        var components: [Component] = []
        for component in try section.sections("components") {
            let mean = try component.numbers("mean")
            let scale = try component.number("scale", minimum: 0)
            components.append(Component(mean: mean.map { Float($0) }, scale: Float(scale)))
        }
        let found = components
        return PointData(try section.located { try GaussianMixture(found) })
    }
}
