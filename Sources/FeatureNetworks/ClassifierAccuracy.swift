public import Datasets
package import Evaluation

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
        return probabilities.share(mostProbableIn: labels.map { Int($0) })
    }
}

extension FeatureMatrix {
    /// The share of rows of class probabilities whose largest is that of the row's label.
    package func share(mostProbableIn labels: [Int]) -> Double {
        let hits = labels.indices.count { mostProbable(in: $0) == labels[$0] }
        return Double(hits) / Double(labels.count)
    }

    /// The column of a row's largest number, the last of several.
    func mostProbable(in row: Int) -> Int {
        (0..<dimensions).reduce(0) { self[row, $1] >= self[row, $0] ? $1 : $0 }
    }
}
