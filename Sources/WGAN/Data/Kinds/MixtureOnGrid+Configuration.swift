package import Datasets
package import StrictYAML

extension MixtureOnGrid: ConfigurableData {
    /// `mixtureGrid`, or `mixtureGrid: 9`.
    package static let configurationName = "mixtureGrid"

    package static func read(
        _ section: ConfigurationSection
    ) throws(ConfigurationError) -> any DataConfiguration {
        section.shorthand(for: "modes")
        let modes = try section.integer("modes", default: 2, in: 1...GaussianMixture.maximumCount)
        return PointData(
            try section.located { try MixtureOnGrid(count: modes) })
    }
}
