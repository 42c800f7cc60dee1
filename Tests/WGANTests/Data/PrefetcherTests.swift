import CPUExecutor
import Foundation
import NeuralNetworks
import Synchronization
import TensorGraph
import Testing

@testable import WGAN

@Suite("Prefetching")
struct PrefetcherTests {
    /// Points whose coordinates are ten times their batch's number and more, slowly where asked
    /// for; remembers which batches it filled.
    private struct CountingSource: SampleSource {
        final class Log: Sendable {
            let numbers = Mutex<[Int]>([])
        }

        let sampleShape: Shape = [2]
        var classCount: Int? { 3 }
        var isSlow: Bool { true }
        let log = Log()

        func fill(_ batch: Batch, number: Int) {
            log.numbers.withLock { $0.append(number) }
            for index in batch.samples.indices {
                batch.samples[index] = Float(number % 100 * 10 + index) / 1000
            }
            if let labels = batch.labels { labels.update(repeating: Float(number % 3)) }
        }

        var filled: [Int] { log.numbers.withLock { $0 } }
    }

    private func batch(
        _ number: Int, of prefetcher: Prefetcher, size: Int, length: Int
    ) -> (samples: [Float], labels: [Float]) {
        var samples = [Float](repeating: .nan, count: length)
        var labels = [Float](repeating: .nan, count: size)
        samples.withUnsafeMutableBufferPointer { samples in
            labels.withUnsafeMutableBufferPointer { labels in
                prefetcher.fill(Batch(samples: samples, labels: labels), number: number)
            }
        }
        return (samples, labels)
    }

    @Test("gives the same batches as asking directly, in order and out of order")
    func equality() throws {
        let source = try ImageSource(numberedImages(20), batchSize: 3, seed: 1)
        let prefetcher = Prefetcher(source, size: 3, hasLabels: true)
        for number in [0, 1, 2, 3, 9, 10, 4, 4, 5, 40, 0, 1] {
            let expected = labelled(source, number, size: 3)
            let found = batch(number, of: prefetcher, size: 3, length: 72)
            #expect(found.samples == expected.samples && found.labels == expected.labels)
        }
    }

    @Test("keeps no more batches ready than it was told", arguments: 1...3)
    func bounded(depth: Int) {
        let source = CountingSource()
        let prefetcher = Prefetcher(source, size: 1, hasLabels: true, depth: depth)
        for number in 0..<5 {
            let found = batch(number, of: prefetcher, size: 1, length: 2)
            #expect(found.samples == [Float(number * 10) / 1000, Float(number * 10 + 1) / 1000])
            #expect(source.filled.max() ?? 0 <= number + depth)
        }
    }

    @Test("several clients that want different batches all get theirs")
    func clients() async {
        let source = CountingSource()
        let prefetcher = Prefetcher(source, size: 2, hasLabels: true)
        let wrong = await withTaskGroup(of: Int.self) { group in
            for client in 0..<4 {
                group.addTask {
                    (0..<50).count { step in
                        let number = client * 1000 + step
                        let found = batch(number, of: prefetcher, size: 2, length: 4)
                        let expected = source.samples(ofBatches: number..<number + 1, size: 2)
                        return found.samples != expected
                            || found.labels != [Float](repeating: Float(number % 3), count: 2)
                    }
                }
            }
            return await group.reduce(0, +)
        }
        #expect(wrong == 0)
    }

    @Test("ends with its owner, even where nothing was taken")
    func ends() async throws {
        weak var alive: CountingSource.Log?
        do {
            let source = CountingSource()
            alive = source.log
            _ = Prefetcher(source, size: 1, hasLabels: false)
        }
        // The thread lets go of what it holds once it has noticed.
        for _ in 0..<1000 where alive != nil { try await Task.sleep(for: .milliseconds(5)) }
        #expect(alive == nil)
    }

    @Test("is the training's alone: an audit asks for no batch of it, and moves nothing")
    func audits() throws {
        let source = CountingSource()
        let trainer = try SmallTraining(schedule: .fixed(iterations: 2), hidden: 8).trainer(
            data: source)
        try trainer.train(to: 5)
        _ = try trainer.auditCritic(sampleCount: 16)
        _ = trainer.realSamples(100)
        _ = trainer.batches(0..<3)
        try trainer.train(to: 10)
        // Every batch of the training was made once, in order; two more are ready.
        let updates = trainer.criticUpdates
        for _ in 0..<1000 where source.filled.filter({ $0 < 1 << 40 }).count < updates + 5 {
            usleep(1000)
        }
        let training = source.filled.filter { $0 < 1 << 40 }
        #expect(training.filter { $0 > 2 } == Array(3..<updates + 2))
        #expect(trainer.dataTime > .zero)
    }
}
