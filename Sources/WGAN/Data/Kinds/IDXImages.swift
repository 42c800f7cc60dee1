import Datasets
import NeuralNetworks
package import StrictYAML
import TensorGraph

/// The name of images in files of one's own that are like those of MNIST.
package enum IDXImages: ConfigurableData {
    /// `idx: {images: FILE}`, or `idx: {images: FILE, labels: FILE, class: 3}`.
    package static let configurationName = "idx"

    package static func read(
        _ section: ConfigurationSection
    ) throws(ConfigurationError) -> any DataConfiguration {
        let images = try section.string("images")
        let labels = try section.optionalString("labels")
        let label = try section.optionalInteger("class", in: 0...255)
        guard labels != nil || label == nil else {
            throw section.invalid("class", "needs a file of labels; give 'labels' too")
        }
        let shape = try section.located { try IDXFile.shape(ofFileAt: images) }
        guard shape.count == 3 || shape.count == 4 else {
            throw section.invalid(
                "images",
                "names a file with \(shape.count) \(shape.count == 1 ? "dimension" : "dimensions"), "
                    + "not one of images; give [N, H, W] or [N, H, W, C]")
        }
        let sample = Shape([shape[1], shape[2], shape.count == 4 ? shape[3] : 1])
        return ImageData(sample, hasLabels: labels != nil) { _ in
            let all = try ImageSet(
                images: IDXFile(contentsOf: images),
                labels: labels.map { try IDXFile(contentsOf: $0) })
            return try label.map(all.filtered(toClass:)) ?? all
        }
    }
}
