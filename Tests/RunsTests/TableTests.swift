import Foundation
import Synchronization
import Testing

@testable import Runs

@Suite("Tables")
struct TableTests {
    private func text(_ header: [String], _ rows: [[Double]]) throws -> String {
        String(decoding: try CSV.encode(header: header, rows: rows), as: UTF8.self)
    }

    @Test("Commas, quotes and line ends in a header are quoted, other text is not")
    func quoting() throws {
        #expect(
            try text(["a", "b,c", "d\"e", "f\ng", "h i", "j\r\nk"], [])
                == "a,\"b,c\",\"d\"\"e\",\"f\ng\",h i,\"j\r\nk\"\n")
    }

    @Test("Numbers read back as the same bits; not-a-number is an empty field")
    func numbers() throws {
        let row = [0, -0.0, 1, 0.1, -1.5e-300, 1e22, .pi, .infinity, 9_007_199_254_740_991]
        let header = row.indices.map { "c\($0)" } + ["nan"]
        let line = try #require(
            try text(header, [row + [.nan]]).split(separator: "\n").last.map(String.init))
        let fields = line.split(separator: ",", omittingEmptySubsequences: false)
        #expect(fields.count == 10)
        #expect(fields.last == "")
        #expect(fields.prefix(3) == ["0", "-0", "1"])
        #expect(fields.dropLast().map { Double($0)?.bitPattern } == row.map(\.bitPattern))
    }

    @Test("A row of another length is refused, with its number")
    func rowLength() {
        #expect(throws: TableFailure.rowLength(row: 2, found: 1, expected: 2)) {
            try CSV.encode(header: ["a", "b"], rows: [[1, 2], [3]])
        }
    }

    @Test("A single column keeps its empty fields")
    func singleColumn() throws {
        #expect(try text(["a"], [[1], [.nan]]) == "a\n1\n\"\"\n")
    }

    @Test("Metrics keep their columns; values not given are empty, unknown ones are refused")
    func metrics() throws {
        var table = try MetricsTable(columns: ["critic", "wasserstein"])
        try table.append(step: 1, values: ["critic": 0.5])
        try table.append(step: 1_000_000, values: ["wasserstein": 2, "critic": .nan])
        #expect(throws: TableFailure.unknownColumn("x", known: ["critic", "wasserstein"])) {
            try table.append(step: 3, values: ["critic": 1, "x": 1])
        }
        let expected = "step,critic,wasserstein\n1,0.5,\n1000000,,2\n"
        #expect(String(decoding: try table.csv(), as: UTF8.self) == expected)
        #expect(table.steps == [1, 1_000_000])
        #expect(try table.values(of: "wasserstein").last == 2)
        #expect(throws: TableFailure.self) { try MetricsTable(columns: ["a", "a"]) }
        #expect(throws: TableFailure.self) { try MetricsTable(columns: ["step"]) }
    }

    @Test("The metrics file is rewritten after the interval and at the end, and not in between")
    func metricsFile() throws {
        let folder = try TemporaryFolder()
        let run = try RunFolder.create(at: folder.url)
        let time = TestClock()
        var file = MetricsFile(
            try MetricsTable(columns: ["w"]), in: run, every: .seconds(10), now: time.read)
        try file.append(step: 1, values: ["w": 1])
        #expect(try folder.entries() == [])
        time.advance(.seconds(10))
        try file.append(step: 2, values: ["w": 2])
        #expect(try folder.content("metrics.csv") == "step,w\n1,1\n2,2\n")
        try file.append(step: 3, values: ["w": 3])
        #expect(try folder.content("metrics.csv") == "step,w\n1,1\n2,2\n")
        try file.write()
        #expect(try folder.content("metrics.csv") == "step,w\n1,1\n2,2\n3,3\n")
    }
}

/// A clock that moves when it is told to.
final class TestClock: Sendable {
    private let time = Mutex(Duration.zero)

    @Sendable func read() -> Duration { time.withLock { $0 } }

    func advance(_ duration: Duration) { time.withLock { $0 += duration } }
}
