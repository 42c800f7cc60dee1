import Datasets
import Testing

@Suite("The order of samples")
struct EpochOrderTests {
    private func order(_ samples: Int, _ batch: Int, seed: UInt64 = 1) throws -> EpochOrder {
        try EpochOrder(sampleCount: samples, batchSize: batch, seed: seed, stream: 2)
    }

    private func steps(_ range: some Sequence<Int>, _ order: EpochOrder) -> [[Int]] {
        var order = order
        return range.map { order.withBatch($0) { Array($0) } }
    }

    @Test("visits each sample once in an epoch, in another order each time")
    func epochs() throws {
        let order = try order(60, 12)
        let batches = steps(0..<10, order)
        let first = batches[..<5].flatMap { $0 }
        let second = batches[5...].flatMap { $0 }
        #expect(first.sorted() == Array(0..<60))
        #expect(second.sorted() == Array(0..<60))
        #expect(first != second)
        #expect(first != Array(0..<60))
        #expect(order.epoch(ofStep: 4) == 0 && order.epoch(ofStep: 5) == 1)
    }

    @Test("leaves out what does not fill a last batch, others in each epoch")
    func partialBatch() throws {
        let order = try order(10, 4)
        #expect(order.batchesPerEpoch == 2)
        let epochs = (0..<20).map { epoch in
            Set(steps(2 * epoch..<2 * epoch + 2, order).flatMap { $0 })
        }
        #expect(epochs.allSatisfy { $0.count == 8 && $0.isSubset(of: 0..<10) })
        #expect(epochs.reduce(Set()) { $0.union($1) } == Set(0..<10))
    }

    @Test("depends on seed, stream and step alone, so that any step can be reached directly")
    func direct() throws {
        let forwards = steps(0..<40, try order(17, 3))
        #expect(Array(steps((0..<40).reversed(), try order(17, 3)).reversed()) == forwards)
        #expect(steps([33], try order(17, 3)) == [forwards[33]])
        #expect(steps(0..<40, try order(17, 3, seed: 2)) != forwards)
        let otherStream = try EpochOrder(sampleCount: 17, batchSize: 3, seed: 1, stream: 3)
        #expect(steps(0..<40, otherStream) != forwards)
    }

    @Test("makes every permutation about equally often")
    func uniform() throws {
        var counts: [[Int]: Int] = [:]
        for permutation in steps(0..<6000, try order(3, 3)) { counts[permutation, default: 0] += 1 }
        #expect(counts.count == 6)
        #expect(counts.values.allSatisfy { abs($0 - 1000) < 150 })
    }

    @Test("a batch that cannot be filled is refused")
    func errors() {
        #expect(throws: EpochOrderError.noSamples) { try order(0, 1) }
        #expect(throws: EpochOrderError.batchSize(4, sampleCount: 3)) { try order(3, 4) }
        #expect(throws: EpochOrderError.batchSize(0, sampleCount: 3)) { try order(3, 0) }
        #expect(
            "\(EpochOrderError.batchSize(4, sampleCount: 3))"
                .hasSuffix("choose a batch size from 1 to 3."))
    }
}
