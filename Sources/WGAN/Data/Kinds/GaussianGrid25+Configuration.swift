package import Datasets
package import StrictYAML

extension GaussianGrid25: ConfigurableData {
    /// `gaussianGrid25`.
    package static let configurationName = "gaussianGrid25"

    package static func read(
        _ section: ConfigurationSection
    ) throws(ConfigurationError) -> any DataConfiguration {
        PointData(GaussianGrid25())
    }
}
