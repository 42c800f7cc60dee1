public import Datasets
public import Evaluation
import NeuralNetworks
public import TensorGraph

/// Turns images into features, and into class probabilities where the network has classes.
///
/// All images go through in batches of one size, so that an image's features do not depend on how
/// many others there are.
public final class FeatureExtractor {
    /// The network with its weights.
    public let network: FeatureNetwork
    private let executable: any Executable
    private static let (input, features, probabilities) = ("images", "features", "probabilities")

    /// What a network makes of images.
    public struct Result: Sendable {
        /// `[N, features]`.
        public let features: FeatureMatrix
        /// `[N, classes]`; nil where the network has no classes.
        public let probabilities: FeatureMatrix?
    }

    /// Compiles the network and gives its weights to the device.
    public init(_ network: FeatureNetwork, on device: any Device) throws {
        self.network = network
        let batch = network.batchSize
        let images = Tensor.input(Self.input, Shape([batch] + network.input.dimensions))
        let (low, high) = (network.range.lowerBound, network.range.upperBound)
        var pass = ForwardPass(.inference)
        var value = images * Tensor((high - low) / 2) + Tensor((high + low) / 2)
        for layer in network.layers.prefix(network.featureLayers) { value = layer(value, &pass) }
        var outputs = [
            (name: Self.features, tensor: value.reshaped([batch, network.featureCount]))
        ]
        if network.classCount != nil {
            for layer in network.layers.dropFirst(network.featureLayers) {
                value = layer(value, &pass)
            }
            outputs.append((Self.probabilities, value.logSoftmax().exp()))
        }
        for (variable, values) in network.values { try device.set(variable, to: values) }
        executable = try device.compile(Program(outputs: outputs))
    }

    /// The features of `count` images.
    ///
    /// - Parameters:
    ///   - progress: Told after each batch how many images are done.
    ///   - fill: Writes the images of a range, `[n, H, W, C]` in −1…1.
    /// - Throws: `SampleError` where a feature is not finite, and what `fill` throws.
    public func result(
        count: Int, progress: (_ done: Int) -> Void = { _ in },
        fill: (Range<Int>, UnsafeMutableBufferPointer<Float>) throws -> Void
    ) throws -> Result {
        let (batch, size) = (network.batchSize, network.input.count)
        let room = executable.input(Self.input)
        var features: [Float] = []
        var probabilities: [Float] = []
        features.reserveCapacity(count * network.featureCount)
        for start in stride(from: 0, to: count, by: batch) {
            let images = start..<min(start + batch, count)
            room.update(repeating: 0)
            try fill(images, room.extracting(0..<images.count * size))
            try executable.run(RandomClock())
            features += executable.output(Self.features).prefix(images.count * network.featureCount)
            if let classes = network.classCount {
                probabilities +=
                    executable.output(Self.probabilities).prefix(images.count * classes)
            }
            progress(images.upperBound)
        }
        return Result(
            features: try FeatureMatrix(features, dimensions: network.featureCount),
            probabilities: try network.classCount.map {
                try FeatureMatrix(probabilities, dimensions: $0)
            })
    }

    /// The features of images in −1…1, `[N, H, W, C]` in row-major order.
    ///
    /// - Throws: ``FeatureNetworkError/sampleShape(found:expected:network:)`` for another shape;
    ///   `SampleError` where a feature is not finite.
    public func result(
        of samples: [Float], shape: Shape, progress: (_ done: Int) -> Void = { _ in }
    ) throws -> Result {
        let (fitting, size) = (try fitting(of: shape.dimensions), shape.count)
        return try result(count: samples.count / size, progress: progress) { images, room in
            fitting.fill(room, count: images.count) {
                _ = $0.update(
                    fromContentsOf: samples[images.lowerBound * size..<images.upperBound * size])
            }
        }
    }

    /// The features of images, or of the given ones in their order.
    ///
    /// - Throws: As the others.
    public func result(
        of images: ImageSet, rows: [Int]? = nil, progress: (_ done: Int) -> Void = { _ in }
    ) throws -> Result {
        let rows = rows ?? Array(0..<images.count)
        let fitting = try fitting(of: [images.height, images.width, images.channels])
        return try result(count: rows.count, progress: progress) { range, room in
            fitting.fill(room, count: range.count) { room in
                Array(rows[range]).withUnsafeBufferPointer { images.fill(batch: $0, into: room) }
            }
        }
    }

    /// Whether the network takes images `[H, W, C]` of this shape, or can be given them.
    public func takes(_ shape: [Int]) -> Bool { (try? fitting(of: shape)) != nil }

    /// What is done to images before the network sees them.
    private func fitting(of found: [Int]) throws -> ImageFitting {
        let expected = network.input.dimensions
        guard found == expected || network.resizes,
            let fitting = ImageFitting(from: found, to: expected, by: network.resizing ?? .lanczos)
        else {
            throw FeatureNetworkError.sampleShape(
                found: found, expected: expected, network: network.name)
        }
        return fitting
    }
}

extension Tensor {
    /// Logarithms of class probabilities from scores `[N, classes]`.
    func logSoftmax() -> Tensor {
        guard rank == 2 else {
            return .invalid("a softmax takes [N, classes], not \(shape)", from: self)
        }
        let largest = max(along: [1]).stoppingGradient().reshaped([shape[0], 1])
        let shifted = self - largest
        return shifted - shifted.exp().sum(along: [1]).log().reshaped([shape[0], 1])
    }
}
