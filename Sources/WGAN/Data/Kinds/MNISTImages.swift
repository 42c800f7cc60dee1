import ArrayFiles
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
    let label = try section.optional(classKey, .integer(in: 0...9))
    return ImageData(
        PublishedImages(
            variant: variant, split: split, label: label,
            isTransposed: try section.optional("transposed", .boolean)))
}

/// The name of images in files of one's own that are like those of MNIST.
package enum IDXImages: ConfigurableData {
    /// `idx: {images: FILE}`, or `idx: {images: FILE, labels: FILE, class: 3, transposed: true}`.
    package static let configurationName = "idx"

    package static func read(
        _ section: ConfigurationSection
    ) throws(ConfigurationError) -> any DataConfiguration {
        let images = try section.value("images", .filePath)
        let labels = try section.optional("labels", .filePath)
        let label = try section.optional("class", .integer(in: 0...ImageSet.mostClasses - 1))
        let isTransposed = try section.optional("transposed", .boolean)
        guard labels != nil || label == nil else {
            throw section.invalid("class", "needs a file of labels; give 'labels' too")
        }
        let shape = try section.located { try IDXFile.shape(ofFileAt: images) }
        guard shape.count == 3 || shape.count == 4 else {
            throw section.invalid(
                "images",
                "names a file with \(shape.count) "
                    + "\(shape.count == 1 ? "dimension" : "dimensions"), "
                    + "not one of images; give [N, H, W] or [N, H, W, C]")
        }
        let (height, width) = isTransposed == true ? (shape[2], shape[1]) : (shape[1], shape[2])
        let sample = Shape([height, width, shape.count == 4 ? shape[3] : 1])
        return ImageData(
            sample, hasLabels: labels != nil,
            orientation: ImageOrientation(isTransposed, path: images),
            files: DataFiles([images] + (labels.map { [$0] } ?? []))
        ) { _ in
            let all = try ImageSet(
                images: IDXFile(contentsOf: images),
                labels: labels.map { try IDXFile(contentsOf: $0) })
            let chosen = try label.map(all.filtered(toClass:)) ?? all
            return isTransposed == true ? chosen.transposed() : chosen
        }
    }

    package static func relocations(
        _ section: ConfigurationSection, to folder: String
    ) throws(ConfigurationError) -> [(key: String, path: String)] {
        var found: [(key: String, path: String)] = []
        for key in ["images", "labels"] {
            guard let file = try section.optional(key, .text) else { continue }
            found.append((key, path(of: file, in: folder)))
        }
        return found
    }
}
