import FileTestSupport
import Foundation
import Testing

@testable import Datasets

@Suite("The files of data, and what they hold")
struct DataFilesTests {
    private let temporary: TemporaryFolder

    private var folder: URL { temporary.url }

    init() throws { temporary = try TemporaryFolder() }

    private func write(_ text: String, to name: String) throws {
        let url = folder.appending(path: name)
        try FileManager.default.createDirectory(
            at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: url)
    }

    private func fingerprint() throws -> DataFingerprint {
        try DataFiles(in: folder.path).fingerprint()
    }

    @Test(
        "checksums are those of the published algorithm, in whatever pieces the bytes come",
        arguments: [
            (0, "ef46db3751d8e999"), (1, "1f25c8d0bc1f4bb6"), (3, "31d2363f52e564c9"),
            (4, "9bb64b7d66ee9fda"), (7, "9a7b149959ce60d8"), (8, "dab99d95c6f90092"),
            (31, "a2aa5f33cc4a6119"), (32, "23c3c17ef790fd97"), (33, "50a7cfc7ba588784"),
            (63, "5e3e54b431c7493c"), (64, "0eb64b3ef6eeb01f"), (100, "a61f8d4c170fe531"),
            (1000, "5f235fa033f1a3fb"),
        ])
    func checksum(count: Int, expected: String) {
        let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 * 7 + 3) }
        #expect(XXH64.digits(of: bytes) == expected)
        for size in [1, 5, 32, 33] {
            var sum = XXH64()
            for start in stride(from: 0, to: count, by: size) {
                bytes[start..<min(count, start + size)].withUnsafeBytes { sum.add($0) }
            }
            #expect(sum.digits == expected)
        }
    }

    @Test("a change is named: another content, a file that is missing, one that is new")
    func changes() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        for name in ["a", "b/c", "b/d"] { try write("text of \(name)", to: name) }
        let before = try fingerprint()
        #expect(try fingerprint().change(since: before) == nil)
        try write("text of .hidden", to: ".hidden")
        #expect(try fingerprint() == before)
        try write("text of A", to: "a")
        #expect(try fingerprint().change(since: before) == "a has changed")
        #expect(try fingerprint().sum != before.sum)
        try FileManager.default.removeItem(at: folder.appending(path: "b/c"))
        #expect(
            try fingerprint().change(since: before) == "a has changed, and 1 other file differs")
        try write("text of a", to: "a")
        #expect(try fingerprint().change(since: before) == "b/c is missing")
        try write("text of b/c", to: "b/c")
        #expect(try fingerprint().change(since: before) == nil)
        try write("", to: "b/e")
        #expect(try fingerprint().change(since: before) == "b/e is new")
        // Two files that change places have changed.
        try FileManager.default.removeItem(at: folder.appending(path: "b/e"))
        try write("text of b/d", to: "b/c")
        try write("text of b/c", to: "b/d")
        #expect(
            try fingerprint().change(since: before) == "b/c has changed, and 1 other file differs")
    }

    @Test("a listing reads back, with names of all bytes, wherever the folder is")
    func listing() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        for name in ["a b", "line\nbreak", "back\\slash", "ä", "cr\r"] {
            try write("text of \(name)", to: name)
        }
        let found = try fingerprint()
        #expect(found.count == 5)
        let again = try #require(DataFingerprint(listing: found.listing, of: "/elsewhere"))
        #expect(again.change(since: found) == nil && again.sum == found.sum)
        #expect(again.folder == "/elsewhere")
        #expect(DataFingerprint(listing: Array("no listing\n".utf8), of: "/") == nil)
    }

    @Test(
        "single files have the deepest folder that holds all",
        arguments: [
            (["/a/b/c.csv"], "/a/b"), (["/a/b/c", "/a/d/c"], "/a"), (["/c"], "/"),
            (["/a/b", "/a/b"], "/a"), (["c.csv"], "."),
        ])
    func commonFolder(files: [String], expected: String) {
        #expect(DataFiles(files).folder == expected)
    }

    @Test("chosen classes alone count, and files that cannot be read are told from others")
    func classes() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        for name in ["cats/a", "dogs/b"] { try write("text of \(name)", to: name) }
        let cats = { try DataFiles(in: folder.path, classes: ["cats"]).fingerprint() }
        let before = try cats()
        try write("another", to: "dogs/b")
        #expect(try cats() == before)
        let gone = DataFiles([folder.path + "/cats/gone"]).fingerprint()
        try write("text", to: "cats/gone")
        let there = DataFiles([folder.path + "/cats/gone"]).fingerprint()
        #expect(there.change(since: gone) == "gone has changed")
    }
}
