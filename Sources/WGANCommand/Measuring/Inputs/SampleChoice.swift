import Datasets
import Philox

/// Which samples of a set are looked at where not all are.
///
/// Not the first ones: the halves of a published set differ, as those of MNIST's test images do.
enum SampleChoice {
    /// The numbers of so many samples, or of all where they are fewer, in random order: a function
    /// of the seed and both counts.
    ///
    /// - Parameters:
    ///   - wanted: 1 or more.
    ///   - count: How many there are, 1 or more.
    static func numbers(_ wanted: Int, of count: Int, seed: UInt64 = 0) throws -> [Int] {
        var order = try EpochOrder(
            sampleCount: count, batchSize: min(wanted, count), seed: seed,
            stream: ReservedStream.judgingImages)
        return order.withBatch(0) { Array($0) }
    }
}
