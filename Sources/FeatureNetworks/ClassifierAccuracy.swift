public import Datasets
import Evaluation

extension FeatureExtractor {
    /// The share of images whose most probable class is their label.
    ///
    /// - Throws: `ImageSetError.noLabels` for images without labels, ``FeatureNetworkError`` for a
    ///   network without classes or for other images than it takes.
    public func accuracy(on images: ImageSet) throws -> Double {
        guard let labels = images.labels else { throw ImageSetError.noLabels }
        guard let probabilities = try result(of: images).probabilities else {
            throw FeatureNetworkError.description(
                "has no classes; give one with layers after its features", file: network.name)
        }
        let hits = labels.indices.count { image in
            let row = (0..<probabilities.dimensions).map { probabilities[image, $0] }
            return row.indices.max { row[$0] < row[$1] } == Int(labels[image])
        }
        return Double(hits) / Double(images.count)
    }
}
