package import Datasets
package import StrictYAML

extension SwissRoll: ConfigurableData {
    /// `swissRoll`.
    package static let configurationName = "swissRoll"

    package static func read(
        _ section: ConfigurationSection
    ) throws(ConfigurationError) -> any DataConfiguration {
        PointData(SwissRoll())
    }
}
