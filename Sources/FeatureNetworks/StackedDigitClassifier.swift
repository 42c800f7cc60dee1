import Datasets
public import Evaluation
public import TensorGraph

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
        let step = NetworkDescription.batchSize
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
