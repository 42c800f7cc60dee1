import Foundation
import Philox
import Synchronization
import Testing

@testable import Datasets

@Suite("Batches of images")
struct ImageBatchesTests {
    /// Images whose first byte is their number, 4 columns wide.
    static func numbered(_ count: Int) throws -> ImageSet {
        try ImageSet(
            height: 2, width: 4, channels: 3,
            pixels: (0..<count).flatMap { image in
                (0..<24).map { UInt8($0 == 0 ? image : 100 + $0) }
            })
    }

    @Test("mirroring exchanges columns and keeps rows and channels")
    func mirrored() throws {
        let set = try Self.numbered(1)
        var memory = [Float](repeating: 0, count: 24)
        memory.withUnsafeMutableBufferPointer { memory in
            [0].withUnsafeBufferPointer {
                set.fill(batch: $0, into: memory, mirroring: { _ in true })
            }
        }
        let plain = set.scaled([0])
        for row in 0..<2 {
            for column in 0..<4 {
                for channel in 0..<3 {
                    let mirrored = memory[(row * 4 + column) * 3 + channel]
                    #expect(mirrored == plain[(row * 4 + 3 - column) * 3 + channel])
                }
            }
        }
    }

    @Test("mirroring is a function of seed, stream, epoch and image, and as likely as not")
    func mirroring() {
        let pattern = { (seed: UInt64, stream: UInt32, epoch: Int) in
            let mirroring = RandomMirroring(seed: seed, stream: stream)
            return (0..<1000).map { mirroring.isMirrored($0, inEpoch: epoch) }
        }
        let reference = pattern(1, 2, 3)
        #expect(pattern(1, 2, 3) == reference)
        for other in [pattern(2, 2, 3), pattern(1, 3, 3), pattern(1, 2, 4)] {
            #expect(other != reference)
        }
        #expect((430...570).contains(reference.count { $0 }))
    }

    @Test("an epoch shows each image once, mirrored or not, whatever the order of asking")
    func epochs() throws {
        let mirroring = RandomMirroring(seed: 5, stream: 9)
        var batches = try ImageBatches(
            Self.numbered(12), batchSize: 4, seed: 5, stream: 8, mirroring: mirroring)
        #expect(batches.batchesPerEpoch == 3 && batches.batchLength == 96)
        let forwards = (0..<6).map { filled(&batches, $0) }
        let backwards = (0..<6).reversed().map { filled(&batches, $0) }
        #expect(Array(backwards.reversed()) == forwards)
        for epoch in 0..<2 {
            let images = forwards[3 * epoch..<3 * epoch + 3].flatMap { batch in
                stride(from: 0, to: 96, by: 24).map { start -> (Int, Bool) in
                    let number = { Int(((batch[start + $0] + 1) * 127.5).rounded()) }
                    let isMirrored = number(0) >= 100
                    return (number(isMirrored ? 9 : 0), isMirrored)
                }
            }
            #expect(images.map(\.0).sorted() == Array(0..<12))
            for (image, isMirrored) in images {
                #expect(isMirrored == mirroring.isMirrored(image, inEpoch: epoch))
            }
        }
    }

    private func filled(_ batches: inout ImageBatches, _ batch: Int) -> [Float] {
        var memory = [Float](repeating: 9, count: batches.batchLength)
        memory.withUnsafeMutableBufferPointer { batches.fill($0, batch: batch) }
        return memory
    }

    @Test("some classes can be chosen, in the order of the set")
    func classes() throws {
        let set = try ImageSet(
            height: 1, width: 1, channels: 1, pixels: [10, 20, 30, 40], labels: [7, 3, 7, 5])
        let chosen = try set.filtered(toClasses: [5, 7])
        #expect(chosen.pixels == [10, 30, 40] && chosen.labels == [7, 7, 5])
        #expect(throws: ImageSetError.emptyClass(4, smallest: 3, largest: 7)) {
            try set.filtered(toClasses: [7, 4])
        }
        #expect(throws: ImageSetError.self) { try set.filtered(toClasses: []) }
    }
}

@Suite("Prefetching")
struct PrefetcherTests {
    @Test("gives the same batches as asking directly, in order and out of order")
    func equality() throws {
        var direct = try ImageBatches(
            ImageBatchesTests.numbered(20), batchSize: 3, seed: 1, stream: 2)
        let prefetcher = prefetcher(of: direct)
        for batch in [0, 1, 2, 3, 9, 10, 4, 4, 5, 40, 0, 1] {
            var expected = [Float](repeating: 0, count: direct.batchLength)
            var found = expected
            expected.withUnsafeMutableBufferPointer { direct.fill($0, batch: batch) }
            found.withUnsafeMutableBufferPointer { prefetcher.fill($0, batch: batch) }
            #expect(found == expected)
        }
    }

    private func prefetcher(of batches: ImageBatches) -> Prefetcher {
        var batches = batches
        return Prefetcher(batchLength: batches.batchLength) { memory, batch in
            batches.fill(memory, batch: batch)
        }
    }

    @Test("keeps no more batches ready than it was told", arguments: 1...3)
    func bounded(depth: Int) {
        let prepared = Mutex<[Int]>([])
        withExtendedLifetime(Shared(prepared)) { shared in
            let prefetcher = Prefetcher(batchLength: 1, depth: depth) { memory, batch in
                shared.prepared.withLock { $0.append(batch) }
                memory[0] = Float(batch)
            }
            var number: Float = -1
            withUnsafeMutablePointer(to: &number) { pointer in
                for batch in 0..<5 {
                    let memory = UnsafeMutableBufferPointer(start: pointer, count: 1)
                    prefetcher.fill(memory, batch: batch)
                    #expect(memory[0] == Float(batch))
                    let most = shared.prepared.withLock { $0.max() } ?? 0
                    #expect(most <= batch + depth)
                }
            }
        }
    }

    /// A reference to a lock, which closures can hold.
    private final class Shared: Sendable {
        let prepared: Mutex<[Int]>
        init(_ prepared: consuming sending Mutex<[Int]>) { self.prepared = prepared }
    }

    @Test("several clients that want different batches all get theirs")
    func clients() async {
        let prefetcher = Prefetcher(batchLength: 4) { memory, batch in
            for index in memory.indices { memory[index] = Float(batch * 10 + index) }
        }
        let wrong = await withTaskGroup(of: Int.self) { group in
            for client in 0..<4 {
                group.addTask {
                    (0..<50).count { step in
                        let batch = client * 1000 + step
                        var memory = [Float](repeating: -1, count: 4)
                        memory.withUnsafeMutableBufferPointer { prefetcher.fill($0, batch: batch) }
                        return memory != (0..<4).map { Float(batch * 10 + $0) }
                    }
                }
            }
            return await group.reduce(0, +)
        }
        #expect(wrong == 0)
    }

    @Test("counts how long a client waits")
    func waiting() {
        let prefetcher = Prefetcher(batchLength: 1) { _, _ in usleep(2000) }
        var number: Float = 0
        for batch in 0..<4 {
            withUnsafeMutablePointer(to: &number) {
                prefetcher.fill(UnsafeMutableBufferPointer(start: $0, count: 1), batch: batch)
            }
        }
        #expect(prefetcher.waited > .zero)
    }

    @Test("ends with its owner, even where nothing was taken")
    func ends() async throws {
        final class Witness: Sendable {
            let ended: Mutex<Bool>
            init(_ ended: consuming sending Mutex<Bool>) { self.ended = ended }
        }
        weak var alive: Witness?
        do {
            let witness = Witness(Mutex(false))
            alive = witness
            _ = Prefetcher(batchLength: 1) { [witness] _, _ in
                witness.ended.withLock { $0 = true }
            }
        }
        // The thread lets go of what it holds once it has noticed.
        for _ in 0..<1000 where alive != nil { try await Task.sleep(for: .milliseconds(5)) }
        #expect(alive == nil)
    }
}
