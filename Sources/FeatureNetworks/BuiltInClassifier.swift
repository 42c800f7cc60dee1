import CClassifiers
public import Datasets
public import Evaluation
import Foundation
public import TensorGraph

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

/// Tells the class of stacked digits: the classifier of handwritten digits looks at each channel.
///
/// Source: as in Lin et al. 2018, arXiv:1712.04086 (PacGAN), with a classifier of our own.
public final class StackedDigitClassifier {
    private let extractor: FeatureExtractor

    /// Compiles the classifier for a device.
    public init(on device: any Device) throws {
        extractor = try FeatureExtractor(BuiltInClassifier.mnist.network, on: device)
    }

    /// Which of the classes images belong to; see ``classes(count:side:fill:)``.
    public func coverage(
        count: Int, side: Int,
        fill: (Range<Int>, UnsafeMutableBufferPointer<Float>) throws -> Void
    ) throws -> ClassCoverage {
        try ClassCoverage(
            of: classes(count: count, side: side, fill: fill), among: StackedDigits.classCount)
    }

    /// The class of each image: 100·red + 10·green + blue.
    ///
    /// - Parameters:
    ///   - side: Rows and columns of an image: one of `StackedDigits.sides`, where 32 has the
    ///     digits in its middle.
    ///   - fill: Writes the images of a range, `[n, side, side, 3]` in −1…1.
    /// - Throws: What `fill` throws.
    public func classes(
        count: Int, side: Int,
        fill: (Range<Int>, UnsafeMutableBufferPointer<Float>) throws -> Void
    ) throws -> [Int] {
        precondition(StackedDigits.sides.contains(side))
        var classes: [Int] = []
        // As many images as make whole batches of digits.
        let step = 100
        let room = UnsafeMutableBufferPointer<Float>.allocate(capacity: step * side * side * 3)
        room.initialize(repeating: 0)
        defer { room.deallocate() }
        for start in stride(from: 0, to: count, by: step) {
            let images = start..<min(start + step, count)
            try fill(images, room.extracting(0..<images.count * side * side * 3))
            let digits = try digits(of: UnsafeBufferPointer(room), count: images.count, side)
            classes += (0..<images.count).map { image in
                (0..<3).reduce(0) { 10 * $0 + digits[3 * image + $1] }
            }
        }
        return classes
    }

    /// The digit in each channel of images, three for each.
    private func digits(
        of images: UnsafeBufferPointer<Float>, count: Int, _ side: Int
    ) throws -> [Int] {
        let border = (side - 28) / 2
        let result = try extractor.result(count: 3 * count) { planes, room in
            var target = 0
            for plane in planes {
                let start = plane / 3 * side * side * 3 + plane % 3
                for row in 0..<28 {
                    var source = start + ((row + border) * side + border) * 3
                    for _ in 0..<28 {
                        room[target] = images[source]
                        source += 3
                        target += 1
                    }
                }
            }
        }
        guard let probabilities = result.probabilities else { return [] }
        return (0..<3 * count).map { probabilities.mostProbable(in: $0) }
    }
}
