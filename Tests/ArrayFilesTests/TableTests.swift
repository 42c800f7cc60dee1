import Foundation
import Testing

@testable import ArrayFiles

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
}
