package import Datasets
package import StrictYAML

extension SampledRing: ConfigurableData {
    /// `sampledRing`, or `sampledRing: {modes: 5, radius: 1, deviation: 0.1118034, pointsEach: 100,
    /// seed: 0}`.
    package static let configurationName = "sampledRing"

    package static func read(
        _ section: ConfigurationSection
    ) throws(ConfigurationError) -> any DataConfiguration {
        let largest = GaussianMixture.maximumCount
        let modes = try section.integer("modes", default: 5, in: 1...largest)
        let radius = try section.number("radius", default: 1, minimum: 0)
        // The root of the variance 0.0125.
        let deviation = try section.number("deviation", default: 0.111_803_4, minimum: 0)
        let pointsEach = try section.integer("pointsEach", default: 100, in: 1...largest)
        let seed = try section.seed("seed", default: 0)
        return PointData(
            try section.located {
                try SampledRing(
                    count: modes, radius: Float(radius), standardDeviation: Float(deviation),
                    pointsEach: pointsEach, seed: seed)
            })
    }
}
