import CClassifiers
public import Datasets
package import Evaluation
import Foundation

/// The small classifiers that come with the package: features for the two data sets of 28×28 grey
/// images, where networks trained on photographs see little.
///
/// They were trained on the training splits by `scripts/train-classifiers`; 64 features.
public enum BuiltInClassifier: String, Sendable, CaseIterable {
    /// Handwritten digits.
    case mnist
    /// Articles of clothing.
    case fashionMNIST = "fashion-mnist"

    /// The classifier trained on a data set.
    public init(_ variant: MNISTVariant) {
        switch variant {
        case .digits: self = .mnist
        case .fashion: self = .fashionMNIST
        }
    }

    /// The SHA-256 of the file of weights, which tells versions of the classifier apart.
    public var sha256: String {
        switch self {
        case .mnist: "edc04398009702931726e49587bbb33ce4229489e6c2eba0d5877a657b79f150"
        case .fashionMNIST: "4411a91fe7b8e6539cbc8a0fa215d88dd19f1d92f52a4764843d0fa74a0772b3"
        }
    }

    /// The network with its weights.
    public var network: FeatureNetwork {
        get throws {
            var length = 0
            let bytes =
                switch self {
                case .mnist: cclassifiers_mnist(&length)
                case .fashionMNIST: cclassifiers_fashion_mnist(&length)
                }
            return try FeatureNetwork(
                data: Data(bytes: bytes!, count: length), named: "\(rawValue).safetensors")
        }
    }
}

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
