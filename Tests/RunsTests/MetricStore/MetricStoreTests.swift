import FileTestSupport
import Foundation
import Testing

@testable import Runs

@Suite("Metrics of a run")
struct MetricStoreTests {
    let folder: TemporaryFolder
    let run: RunFolder

    init() throws {
        folder = try TemporaryFolder()
        run = try RunFolder.create(at: folder.file("run"))
    }

    @Test("Every number comes back as it was, infinities too; not-a-number was never measured")
    func allDoubles() throws {
        let numbers = [
            0, -0.0, 1.5, .infinity, -.infinity, .greatestFiniteMagnitude,
            .leastNonzeroMagnitude, 0.1,
        ]
        let store = try MetricStore(in: run)
        for (step, number) in numbers.enumerated() { try store.record(step: step, [("a", number)]) }
        try store.record(step: 0, [("a", .nan), ("b", .nan)])
        try store.close()
        let series = try #require(try MetricHistory(in: run).series()["a"])
        #expect(series.steps == Array(numbers.indices))
        #expect(series.values == numbers)
        #expect(series.times.allSatisfy { $0 > 1e9 } && series.times == series.times.sorted())
    }

    @Test("Series, last values and names are told apart by metric")
    func reading() throws {
        let store = try MetricStore(in: run)
        try store.record(step: 10, [("loss", 1), ("é \"'; --", 5)])
        try store.record(step: 20, [("loss", 2)])
        try store.record(step: 30, [("loss", 3)])
        try store.flush()
        let history = try MetricHistory(in: run)
        #expect(try history.names() == ["loss", "é \"'; --"])
        #expect(try history.series(of: ["loss"]).mapValues(\.values) == ["loss": [1, 2, 3]])
        #expect(try history.series(after: 20).mapValues(\.steps) == ["loss": [30]])
        #expect(try history.series(of: ["none"]).isEmpty)
        #expect(try history.last().mapValues(\.step) == ["loss": 30, "é \"'; --": 10])
        try store.record(step: 40, [("loss", 4)])
        try store.close()
        #expect(try history.last()["loss"]?.value == 4)
    }

    @Test("A step that is measured again has its new value")
    func replacing() throws {
        let store = try MetricStore(in: run)
        try store.record(step: 1, [("a", 1), ("a", 2)])
        try store.record(step: 1, [("a", 3)])
        try store.close()
        #expect(try MetricHistory(in: run).series()["a"]?.values == [3])
    }

    @Test("A run that is resumed drops what was measured after its checkpoint")
    func truncation() throws {
        let first = try MetricStore(in: run)
        for step in 1...100 { try first.record(step: step, [("a", 1), ("b", 1)]) }
        try first.record(step: 100, [("c", 1)])
        try first.close()
        let resumed = try MetricStore(in: run)
        try resumed.removeAll(after: 60)
        for step in 61...70 { try resumed.record(step: step, [("a", 2)]) }
        try resumed.removeAll(after: 65)
        try resumed.close()
        let history = try MetricHistory(in: run)
        #expect(try history.names() == ["a", "b"])
        #expect(try history.series().mapValues { $0.steps.last } == ["a": 65, "b": 60])
        #expect(try history.series()["a"]?.values.suffix(6) == [1, 2, 2, 2, 2, 2])
    }

    @Test("Steps handed on together come back one by one, without what was not measured")
    func blocks() throws {
        var block = MetricBlock(of: ["a", "b"])
        block.append(step: 1, time: 1e9, [1, .nan])
        block.append(step: 2, time: 2e9, [2, .infinity])
        let store = try MetricStore(in: run)
        try store.record(block)
        try store.close()
        let series = try MetricHistory(in: run).series()
        #expect(
            series == [
                "a": MetricSeries(steps: [1, 2], values: [1, 2], times: [1e9, 2e9]),
                "b": MetricSeries(steps: [2], values: [.infinity], times: [2e9]),
            ])
        let events = try EventWriter(in: run)
        try events.scalars(block)
        try events.close()
        let summaries = try EventTests.events(events.url).dropFirst()
        #expect(summaries.map(\.wallTime) == [1e9, 2e9] && summaries.map(\.step) == [1, 2])
        #expect(summaries.map { $0.summary.value.map(\.tag) } == [["a"], ["a", "b"]])
    }

    @Test("Some metrics of one step can be dropped, and no others")
    func removing() throws {
        let store = try MetricStore(in: run)
        for step in 1...3 { try store.record(step: step, [("a", 1), ("b", 1), ("c", 1)]) }
        try store.remove(["a", "b", "none"], at: 3)
        try store.close()
        let steps = try MetricHistory(in: run).series().mapValues(\.steps)
        #expect(steps == ["a": [1, 2], "b": [1, 2], "c": [1, 2, 3]])
    }

    @Test("A curve tells extremes and means of finite values, and counts the others")
    func curves() throws {
        let store = try MetricStore(in: run)
        for step in 0..<1024 { try store.record(step: step, [("a", Double(step))]) }
        try store.record(step: 5, [("a", .infinity)])
        try store.record(step: 6, [("a", -.infinity)])
        for step in [0, 1] { try store.record(step: step, [("none", .infinity)]) }
        try store.flush()
        let history = try MetricHistory(in: run)
        let few = try history.curves(of: ["a", "none", "missing"], limit: 10)
        #expect(Set(few.keys) == ["a", "none"])
        let buckets = try #require(few["a"]?.buckets)
        #expect(buckets.map(\.steps) == (0..<8).map { 128 * $0...128 * $0 + 127 })
        #expect(buckets[0].nonFiniteCount == 2 && buckets[0].count == 128)
        #expect(buckets[0].range == 0...127 && buckets[7].range == 896...1023)
        #expect(buckets[1].mean == 191.5)
        let none = try #require(few["none"]?.buckets.first)
        #expect(none.range == nil && none.mean.isNaN && none.nonFiniteCount == 1)
        #expect(try history.curves(of: ["a"])["a"]?.buckets.count == 1024)
        try store.close()
    }

    @Test("Steps from the least integer to the greatest make no trouble")
    func extremeSteps() throws {
        let store = try MetricStore(in: run)
        for step in [Int.min, -1, 0, Int.max] { try store.record(step: step, [("a", 1)]) }
        try store.close()
        let history = try MetricHistory(in: run)
        let curve = try #require(try history.curves(of: ["a"], limit: 2)["a"])
        #expect(curve.buckets.map(\.count) == [1, 2])
        #expect(try history.series()["a"]?.steps == [-1, 0, Int.max])
    }

    @Test("A closed file stands alone, and is read where nothing can be written")
    func closed() throws {
        let store = try MetricStore(in: run)
        try store.record(step: 1, [("a", 1)])
        try store.close()
        #expect(try FileManager.default.contentsOfDirectory(atPath: run.url.path).count == 1)
        chmod(run.url.path, 0o555)
        defer { chmod(run.url.path, 0o755) }
        #expect(try MetricHistory(in: run).names() == ["a"])
        #expect(throws: BatchFailure.self) { try store.record(step: 2, [("a", 1)]) }
    }
}
