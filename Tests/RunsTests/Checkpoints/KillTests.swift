import FileTestSupport
import Foundation
import Testing

@testable import Runs

@Suite("Killed writers of checkpoints")
struct KillTests {
    /// `WGAN_TEST_KILLS` raises the number.
    static let kills = Repetitions.count("WGAN_TEST_KILLS", default: 20)

    @Test("A writer that is killed at any moment leaves valid checkpoints, the last one among them")
    func kills() async throws {
        try await withThrowingTaskGroup(of: Int.self) { group in
            for lane in 0..<4 {
                group.addTask { try await Self.kill(times: max(1, Self.kills / 4), lane: lane) }
            }
            // The steps show that the writers came to write, and were not killed before.
            let steps = try await group.reduce(0, +)
            #expect(steps > 0)
        }
    }

    /// Kills writers that go on from each other.
    ///
    /// - Returns: The last step.
    private static func kill(times: Int, lane: Int) async throws -> Int {
        let folder = try TemporaryFolder()
        let run = try RunFolder.create(at: folder.file("run"))
        try run.write(Data("a: 1".utf8), at: RunFolder.configurationPath)
        let store = try CheckpointStore(in: run, keeping: .init(last: 2))
        var random = SplitMix(state: UInt64(lane))
        var last = 0
        for _ in 0..<times {
            let delay = UInt32.random(in: 0..<30_000, using: &random)
            await #expect(processExitsWith: .signal(SIGKILL)) {
                [path = run.url.path as String, delay = delay as UInt32] in
                try writeUntilKilled(path, after: delay)
            }
            let (file, notes) = try store.latest()
            #expect(notes.isEmpty)
            var said: Int?
            if FileManager.default.fileExists(atPath: run.url.appending(path: "last").path) {
                let text = String(decoding: try run.read("last"), as: UTF8.self)
                let number: Int = try #require(Int(text))
                said = number
            }
            guard let file else {
                #expect(said == nil)
                continue
            }
            #expect(file.step >= max(last, said ?? 0))
            last = file.step
            let tensor = try file.tensor(named: "critic.0.weight")
            #expect(
                tensor.values == CheckpointTests.sample(step: last, size: 40_000).tensors[0].values)
            #expect(try file.counter("criticUpdates") == UInt64(5 * last))
            #expect(try (1...3).contains(store.list().count))
        }
        return last
    }
}

/// Takes the lock, goes on from the latest checkpoint and writes more until it kills itself, some
/// time after the first: on a busy machine that time may be over before anything is written.
private func writeUntilKilled(_ path: String, after microseconds: UInt32) throws {
    let run = try RunFolder(opening: URL(fileURLWithPath: path))
    let lock = try RunLock(of: run)
    let store = try CheckpointStore(in: run, keeping: .init(last: 2))
    let first = (try store.latest().checkpoint?.step ?? 0) + 1
    for step in first... {
        try store.write(CheckpointTests.sample(step: step, size: 40_000))
        try run.write(Data("\(step)".utf8), at: "last")
        guard step == first else { continue }
        Thread {
            usleep(microseconds)
            kill(getpid(), SIGKILL)
        }.start()
    }
    _ = lock
}
