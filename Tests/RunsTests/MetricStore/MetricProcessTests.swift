import FileTestSupport
import Files
import Foundation
import Testing

@testable import Runs

@Suite("Metrics and other processes")
struct MetricProcessTests {
    let folder: TemporaryFolder
    let run: RunFolder

    init() throws {
        folder = try TemporaryFolder()
        run = try RunFolder.create(at: folder.file("run"))
        try run.write(Data("a: 1".utf8), at: RunFolder.configurationPath)
    }

    @Test("A second process sees whole steps, and more of them, while the first one writes")
    func liveReader() async throws {
        let store = try MetricStore(in: run)
        try store.record(step: 0, [("a", 0), ("b", 0)])
        try store.flush()
        // Not a task, which would wait for a thread of the pool beside other tests.
        let (counts, count) = AsyncStream.makeStream(of: Result<Int, any Error>.self)
        // The reader may begin late beside other tests; until then there is nothing to write for.
        let sign = folder.file("reading").path
        let writer = Thread {
            count.yield(
                Result {
                    var step = 1
                    while !Thread.current.isCancelled {
                        guard FileManager.default.fileExists(atPath: sign) else {
                            Thread.sleep(forTimeInterval: 0.01)
                            continue
                        }
                        try store.record(step: step, [("a", Double(step)), ("b", -Double(step))])
                        step += 1
                        if step % 1000 == 0 { try store.flush() }
                    }
                    try store.close()
                    return step
                })
            count.finish()
        }
        writer.start()
        await #expect(processExitsWith: .success) {
            [path = run.url.path as String, sign = sign as String] in
            // Without its parent it would wait for ever.
            alarm(600)
            try Data().write(to: URL(fileURLWithPath: sign))
            let run = try RunFolder(opening: URL(fileURLWithPath: path))
            let history = try MetricHistory(in: run)
            var steps: [Int] = []
            while Set(steps).count < 5 {
                let series = try history.series()
                let (a, b) = (series["a", default: .init()], series["b", default: .init()])
                guard a.steps == b.steps, a.steps == Array(a.steps.indices),
                    a.values == b.values.map({ -$0 })
                else { exit(2) }
                steps.append(a.steps.count)
                // Leaves the processor to the writer.
                usleep(20_000)
            }
            // The parent may go on late too; until then the writer pauses.
            unlink(sign)
            guard steps == steps.sorted() else { exit(3) }
        }
        writer.cancel()
        var results = counts.makeAsyncIterator()
        let written = try #require(await results.next()).get()
        #expect(try MetricHistory(in: run).series()["a"]?.steps.count == written)
    }

    @Test("A writer that is killed leaves whole steps up to some step, and can be taken over")
    func killedWriter() async throws {
        for _ in 0..<3 {
            await #expect(processExitsWith: .signal(SIGKILL)) { [path = run.url.path as String] in
                let run = try RunFolder(opening: URL(fileURLWithPath: path))
                let store = try MetricStore(in: run)
                try store.removeAll(after: -1)
                for step in 0..<5000 { try store.record(step: step, [("a", 1), ("b", 2)]) }
                try store.flush()
                for step in 5000..<100_000 {
                    if step == 50_000 { kill(getpid(), SIGKILL) }
                    try store.record(step: step, [("a", 1), ("b", 2)])
                }
            }
            let series = try MetricHistory(in: run).series()
            let steps = try #require(series["a"]?.steps)
            #expect(steps.count >= 5000 && steps == Array(steps.indices))
            #expect(series["b"]?.steps == steps)
        }
    }

    @Test("A file that may not grow is told by a later call, and what was written can be read")
    func sizeLimit() async throws {
        await #expect(processExitsWith: .success) { [path = run.url.path as String] in
            signal(SIGXFSZ, SIG_IGN)
            let store = try MetricStore(in: RunFolder(opening: URL(fileURLWithPath: path)))
            try store.record(step: 0, [("a", 1)])
            try store.flush()
            var limit = rlimit(rlim_cur: 300_000, rlim_max: 300_000)
            setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit)
            do {
                for step in 1... { try store.record(step: step, [("a", 1)]) }
            } catch let failure as FileFailure {
                exit(failure.reason == .fileTooLarge ? EXIT_SUCCESS : 3)
            }
        }
        let steps = try #require(try MetricHistory(in: run).series()["a"]?.steps)
        #expect(steps == Array(steps.indices) && !steps.isEmpty)
    }

    @Test("A full disk is told by a later call, and what was written can be read")
    func fullDisk() throws {
        try SmallDisk.withFolder(bytes: 2 << 20) { folder in
            let run = try RunFolder.create(named: "a", in: folder)
            let store = try MetricStore(in: run)
            let failure = #expect(throws: FileFailure.self) {
                for step in 0... { try store.record(step: step, [("a", 1)]) }
            }
            #expect(failure?.reason == .diskFull)
            let steps = try #require(try MetricHistory(in: run).series()["a"]?.steps)
            #expect(steps == Array(steps.indices) && !steps.isEmpty)
        }
    }
}
