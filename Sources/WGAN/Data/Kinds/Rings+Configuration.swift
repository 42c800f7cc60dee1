package import Datasets
package import StrictYAML

extension Rings: ConfigurableData {
    /// `rings`, or `rings: {count: 2, radius: 1, noise: 0.02}`.
    package static let configurationName = "rings"

    package static func read(
        _ section: ConfigurationSection
    ) throws(ConfigurationError) -> any DataConfiguration {
        let count = try section.integer("count", default: 2, in: 1...GaussianMixture.maximumCount)
        let radius = try section.number("radius", default: 1, minimum: 0)
        let noise = try section.number("noise", default: 0.02, minimum: 0)
        return PointData(
            try section.located {
                try Rings(count: count, radius: Float(radius), noise: Float(noise))
            })
    }
}
