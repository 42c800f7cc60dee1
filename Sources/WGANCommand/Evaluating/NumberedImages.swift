import Datasets
import Philox

/// Images of a finite set, by their numbers.
struct NumberedImages {
    let count: Int
    /// Whether a training sees them mirrored left to right too.
    let flips: Bool
    private let scaled: (_ indices: [Int], _ isMirrored: Bool) -> [Float]

    init(_ images: ImageSet, flips: Bool) {
        (count, self.flips) = (images.count, flips)
        scaled = { images.scaled($0, mirrored: $1) }
    }

    init(_ stacks: StackedDigits) {
        (count, flips) = (stacks.count, false)
        scaled = { indices, _ in stacks.scaled(indices) }
    }

    /// Images as numbers in −1…1, `[n, H, W, C]`.
    func images(_ indices: [Int], mirrored isMirrored: Bool = false) -> [Float] {
        scaled(indices, isMirrored)
    }

    /// The numbers of so many of the images, or of all where they are fewer, chosen at random but
    /// the same each time.
    func choice(_ wanted: Int) throws -> [Int] {
        let number = min(wanted, count)
        var order = try EpochOrder(
            sampleCount: count, batchSize: number, seed: 0, stream: ReservedStream.judgingImages)
        return order.withBatch(0) { Array($0) }
    }
}
