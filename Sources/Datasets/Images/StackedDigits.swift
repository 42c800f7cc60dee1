import Philox

/// Images of three handwritten digits each, one in every channel: a thousand classes, of which a
/// generator should make all.
///
/// Which digits an image is made of is a function of the seed and its number alone; nothing is
/// kept but their places in the data set.
///
/// Source: Metz et al. 2017, arXiv:1611.02163; the number of images as in Lin et al. 2018,
/// arXiv:1712.04086 (PacGAN). Differs: PacGAN's code draws from both splits of MNIST, this from
/// one, so that the other is left for judging.
public struct StackedDigits: Sendable {
    /// How many classes there are: 100·red + 10·green + blue.
    public static let classCount = 1000
    /// How many images the field trains on.
    public static let usualCount = 128_000
    /// The most images that are told apart.
    public static let largestCount = 10_000_000
    /// The sides that images may have: as they are, or with two black pixels around.
    public static let sides = [28, 32]

    /// How many images there are.
    public let count: Int
    /// Rows and columns of an image.
    public let side: Int
    private let digits: ImageSet
    /// Three digits for each image.
    private let members: [UInt32]

    private static let channels = 3

    /// Images made of digits.
    ///
    /// - Parameters:
    ///   - digits: Grey images `[N, 28, 28, 1]` with labels 0…9.
    ///   - count: 1…``largestCount``.
    ///   - side: One of ``sides``.
    ///   - seed: What the choice is a function of.
    /// - Throws: ``ImageSetError`` for digits without labels or of another kind.
    public init(
        of digits: ImageSet, count: Int = usualCount, side: Int = 28, seed: UInt64 = 0
    ) throws {
        precondition(Self.sides.contains(side) && (1...Self.largestCount).contains(count))
        guard let labels = digits.labels else { throw ImageSetError.noLabels }
        guard [digits.height, digits.width, digits.channels] == [28, 28, 1],
            labels.allSatisfy({ $0 < 10 })
        else {
            throw ImageSetError.notDigits(
                height: digits.height, width: digits.width, channels: digits.channels)
        }
        self.init(digits, count, side, RandomStream(seed: seed, stream: ReservedStream.stacks))
    }

    private init(_ digits: ImageSet, _ count: Int, _ side: Int, _ random: RandomStream) {
        (self.digits, self.count, self.side) = (digits, count, side)
        var random = random
        members = (0..<Self.channels * count).map { _ in
            UInt32(EpochOrder.uniform(below: digits.count, using: &random))
        }
    }

    /// Other images of the same digits, a function of the seed and the step: fresh ones for every
    /// step of a training.
    public func fresh(_ count: Int, seed: UInt64, step: Int) -> StackedDigits {
        StackedDigits(
            digits, count, side,
            RandomStream(seed: seed, stream: ReservedStream.endlessStacks, step: UInt64(step)))
    }

    /// The class of each image, `[count]`: see ``classCount``.
    public var labels: [UInt16] {
        guard let labels = digits.labels else { return [] }
        return (0..<count).map { image in
            (0..<Self.channels).reduce(0) {
                $0 * 10 + labels[Int(members[image * Self.channels + $1])]
            }
        }
    }

    /// Writes images as numbers in −1…1.
    ///
    /// - Parameters:
    ///   - indices: Which images, each 0..<``count``.
    ///   - output: Room for `[indices.count, side, side, 3]` numbers.
    public func fill(
        batch indices: UnsafeBufferPointer<Int>, into output: UnsafeMutableBufferPointer<Float>
    ) {
        let size = side * side * Self.channels
        precondition(output.count == indices.count * size, "the batch must fit the buffer")
        if side > digits.width { output.update(repeating: -1) }
        for (place, image) in indices.enumerated() {
            let target = output.extracting(place * size..<(place + 1) * size)
            for channel in 0..<Self.channels {
                copy(Int(members[image * Self.channels + channel]), to: channel, of: target)
            }
        }
    }

    /// Some of the images as numbers in −1…1, in a new array `[indices.count, side, side, 3]`.
    public func scaled(_ indices: [Int]) -> [Float] {
        var output = [Float](repeating: 0, count: indices.count * side * side * Self.channels)
        output.withUnsafeMutableBufferPointer { output in
            indices.withUnsafeBufferPointer { fill(batch: $0, into: output) }
        }
        return output
    }

    /// Copies a digit into a channel of an image, in its middle.
    private func copy(
        _ digit: Int, to channel: Int, of image: UnsafeMutableBufferPointer<Float>
    ) {
        let (width, border) = (digits.width, (side - digits.width) / 2)
        digits.withPixels(of: digit) { pixels in
            for row in 0..<digits.height {
                var target = ((row + border) * side + border) * Self.channels + channel
                for column in 0..<width {
                    image[target] = Float(pixels[row * width + column]) / 127.5 - 1
                    target += Self.channels
                }
            }
        }
    }
}
