import ArrayFiles
import FileTestSupport
import Foundation
import Testing

@testable import Runs

/// Parsers of files from others, fed with mutations of a small corpus.
///
/// `WGAN_FUZZ_EXECUTIONS` sets how many each one gets.
@Suite("Mutated files of runs")
struct FuzzTests {
    @Test("Event files")
    func events() throws {
        let sample = try EventFaultTests.sample()
        let whole = sample.reduce(Data(), +)
        let corpus = sample + EventFaultTests.faults.map(\.1).filter { $0.count < 1000 } + [whole]
        func change(_ original: Data, _ generator: inout SplitMix) -> Data {
            guard Bool.random(using: &generator) else { return mutated(original, &generator) }
            // With right checks around it, a wrong message comes further.
            let message = mutated(original.dropFirst(12).dropLast(4), &generator)
            return sample[0] + EventFraming.record(message)
        }
        let isRefusal = { (error: any Error) in error is EventFailure }
        try fuzz(corpus, seed: 12, isRefusal: isRefusal, change: change) { data in
            var reader = EventReader(data: data)
            while let event = try reader.next() { #expect(event.summary.value.count <= data.count) }
        }
    }

    @Test("Checkpoints, with checks that fit what was changed")
    func checkpoints() throws {
        let folder = try TemporaryFolder()
        let url = folder.file("a.safetensors")
        var corpus: [Data] = []
        for step in [0, 1 << 40] {
            try CheckpointFormat.write(
                CheckpointTests.sample(step: 1, loss: Double(step)), to: url)
            corpus.append(try Data(contentsOf: url))
        }
        func change(_ original: Data, _ generator: inout SplitMix) throws -> Data {
            try repaired(mutated(original, &generator))
        }
        func isRefusal(_ error: any Error) -> Bool {
            error is FormatFailure || error is CheckpointFailure
        }
        try fuzz(corpus, seed: 13, isRefusal: isRefusal, change: change) { data in
            let file = try CheckpointFile(SafetensorsFile(data: data))
            try file.verify()
            for name in file.tensorNames { _ = try file.tensor(named: name) }
            for name in file.counters { _ = try file.counter(name) }
            #expect(file.step >= 0)
        }
    }

    /// The data with the checks that belong to them, where there is room for them at the end.
    private func repaired(_ data: Data) throws -> Data {
        let file = try SafetensorsFile(data: data)
        var checks = [CRC32C(try file.head()).value]
        for name in file.tensorNames.dropLast() {
            var check = CRC32C()
            try file.forEachPiece(of: name) { check.update($0) }
            checks.append(check.value)
        }
        let bytes = checks.flatMap { check in
            withUnsafeBytes(of: check.littleEndian) { Array($0) }
        }
        guard try file.tensorNames.last.map({ try file.bytes(of: $0).count }) == bytes.count else {
            return data
        }
        return data.dropLast(bytes.count) + bytes
    }
}
