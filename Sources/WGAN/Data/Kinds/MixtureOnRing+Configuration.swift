package import Datasets
package import StrictYAML

extension MixtureOnRing: ConfigurableData {
    /// `mixtureRing`, or `mixtureRing: {modes: 8, radius: 1.4, deviation: 0.014}`.
    package static let configurationName = "mixtureRing"

    package static func read(
        _ section: ConfigurationSection
    ) throws(ConfigurationError) -> any DataConfiguration {
        let modes = try section.integer(
            "modes", default: 8, in: 1...GaussianMixture.maximumCount)
        let radius = try section.number("radius", default: 2 / 1.414, minimum: 0)
        let deviation = try section.number("deviation", default: 0.02 / 1.414, minimum: 0)
        return PointData(
            try section.located {
                try MixtureOnRing(
                    count: modes, radius: Float(radius), standardDeviation: Float(deviation))
            })
    }
}
