import Datasets
import NeuralNetworks
package import StrictYAML
import TensorGraph

/// The name of handwritten digits.
package enum MNISTDigits: ConfigurableData {
    /// `mnist`, or `mnist: {split: train, digit: 3, transposed: true}`.
    package static let configurationName = "mnist"

    package static func read(
        _ section: ConfigurationSection
    ) throws(ConfigurationError) -> any DataConfiguration {
        try mnist(.digits, classKey: "digit", section)
    }
}

/// The name of articles of clothing, in files like those of handwritten digits.
package enum FashionMNIST: ConfigurableData {
    /// `fashionMnist`, or `fashionMnist: {split: train, class: 3, transposed: true}`.
    package static let configurationName = "fashionMnist"

    package static func read(
        _ section: ConfigurationSection
    ) throws(ConfigurationError) -> any DataConfiguration {
        try mnist(.fashion, classKey: "class", section)
    }
}

/// The published files of one of the two data sets, or one of their ten classes alone.
private func mnist(
    _ variant: MNISTVariant, classKey: String, _ section: ConfigurationSection
) throws(ConfigurationError) -> any DataConfiguration {
    let splits: [String: DatasetSplit] = ["train": .train, "test": .test]
    let split = try section.choice("split", of: splits, default: "train")
    let label = try section.optionalInteger(classKey, in: 0...9)
    return ImageData(
        PublishedImages(
            variant: variant, split: split, label: label,
            isTransposed: try section.optionalBoolean("transposed")))
}
