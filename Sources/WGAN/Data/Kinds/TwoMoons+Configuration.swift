package import Datasets
package import StrictYAML

extension TwoMoons: ConfigurableData {
    /// `twoMoons`, or `twoMoons: {noise: 0.1}`.
    package static let configurationName = "twoMoons"

    package static func read(
        _ section: ConfigurationSection
    ) throws(ConfigurationError) -> any DataConfiguration {
        let noise = try section.number("noise", default: 0.1, minimum: 0)
        return PointData(try section.located { try TwoMoons(noise: Float(noise)) })
    }
}
