import FileTestSupport
import Files
import Foundation
import GRDBSQLite
import Testing

@testable import Runs

@Suite("Metrics that are damaged or hostile")
struct MetricFaultTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func expectRefusal(_ url: URL, _ failure: MetricStoreFailure) {
        #expect(throws: failure) { try MetricHistory(at: url) }
        #expect(throws: failure) { try MetricStore(at: url) }
    }

    @Test("A file that is no database is refused, and left as it is")
    func noDatabase() throws {
        let url = folder.file("metrics.sqlite")
        let text = String(repeating: "step,loss\n", count: 1000)
        try Data(text.utf8).write(to: url)
        expectRefusal(url, .damaged(path: url.path))
        #expect(try folder.content("metrics.sqlite") == text)
    }

    @Test("A missing file, a folder and a pipe are refused without waiting")
    func notAFile() throws {
        let pipe = folder.file("pipe")
        #expect(mkfifo(pipe.path, 0o600) == 0)
        let cases: [(URL, FileFailure.Reason)] = [
            (folder.file("none"), .notFound), (folder.url, .isAFolder), (pipe, .notARegularFile),
        ]
        for (url, reason) in cases {
            let error = #expect(throws: FileFailure.self) { try MetricHistory(at: url) }
            #expect(error?.reason == reason)
        }
        for url in [folder.file("none/metrics.sqlite"), folder.url, pipe] {
            #expect(throws: FileFailure.self) { try MetricStore(at: url) }
        }
    }

    @Test(
        "A database with other tables, views or triggers is refused",
        arguments: [
            "CREATE TABLE other (a)",
            """
            CREATE VIEW measurement AS WITH RECURSIVE a(step) AS
            (SELECT 1 UNION ALL SELECT step + 1 FROM a) SELECT 1 AS metric, step, 1 AS value FROM a
            """,
        ])
    func otherTables(_ sql: String) throws {
        let url = folder.file("metrics.sqlite")
        execute(sql, in: url)
        #expect(throws: MetricStoreFailure.otherTables(path: url.path)) {
            try MetricHistory(at: url)
        }
        #expect(throws: MetricStoreFailure.self) { try MetricStore(at: url) }
    }

    @Test("A trigger in a file of metrics is refused")
    func trigger() throws {
        let url = try sample()
        execute(
            "CREATE TRIGGER t AFTER INSERT ON measurement BEGIN DELETE FROM measurement; END",
            in: url)
        expectRefusal(url, .otherTables(path: url.path))
    }

    @Test("A file of a newer version is refused, and left as it is")
    func newerVersion() throws {
        let url = try sample()
        execute("INSERT INTO grdb_migrations (identifier) VALUES ('2')", in: url)
        expectRefusal(url, .newerVersion(path: url.path))
    }

    @Test("Text where a number should be is damage, not a crash")
    func wrongTypes() throws {
        let url = try sample()
        execute("UPDATE measurement SET value = 'x'", in: url)
        let history = try MetricHistory(at: url)
        #expect(throws: MetricStoreFailure.damaged(path: url.path)) { try history.series() }
        #expect(throws: MetricStoreFailure.damaged(path: url.path)) { try history.last() }
    }

    @Test("Random damage gives rows or a typed error")
    func randomDamage() throws {
        let original = try Data(contentsOf: sample())
        let url = folder.file("damaged.sqlite")
        var generator = SplitMix(state: 3)
        var accepted = 0
        for _ in 0..<300 {
            var bytes = [UInt8](original)
            for _ in 0..<Int.random(in: 1...20, using: &generator) {
                bytes[Int.random(in: 0..<bytes.count, using: &generator)] =
                    UInt8.random(in: 0...255, using: &generator)
            }
            let length = Int.random(in: bytes.count / 2...bytes.count, using: &generator)
            try Data(bytes.prefix(length)).write(to: url)
            do {
                let history = try MetricHistory(at: url, patience: 5)
                _ = try history.series()
                _ = try history.curves(of: ["a"], limit: 10)
                accepted += 1
            } catch is MetricStoreFailure {}
        }
        #expect(accepted > 0 && accepted < 300)
    }

    @Test("Errors are one sentence without control characters")
    func errorText() {
        let text = MetricStoreFailure.other(path: "/x/\u{1B}[31m", message: "a\nb").description
        #expect(!text.contains("\u{1B}") && !text.contains("\n") && text.hasSuffix("."))
    }

    /// Runs SQL without the checks that are tested here.
    private func execute(_ sql: String, in url: URL) {
        var database: OpaquePointer?
        #expect(sqlite3_open(url.path, &database) == SQLITE_OK)
        #expect(sqlite3_exec(database, sql, nil, nil, nil) == SQLITE_OK)
        #expect(sqlite3_close(database) == SQLITE_OK)
    }

    private func sample() throws -> URL {
        let url = folder.file("metrics.sqlite")
        let store = try MetricStore(at: url)
        for step in 0..<400 { try store.record(step: step, [("a", 1), ("b", Double(step))]) }
        try store.close()
        return url
    }
}
