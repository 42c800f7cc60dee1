import ArrayFiles
import FileTestSupport
import Files
import Foundation
import Testing

@Suite("IDX files")
struct IDXFileTests {
    /// Writes bytes to a file and reads them as IDX.
    private func read(_ bytes: [UInt8], maximumBytes: Int = 1 << 20) throws -> IDXFile {
        try withTemporaryFolder { folder in
            let url = folder.appending(path: "file")
            try Data(bytes).write(to: url)
            return try IDXFile(contentsOf: url.path, maximumBytes: maximumBytes)
        }
    }

    /// What is wrong with a file, and the words that say so.
    private func expect(
        _ reason: FormatFailure.Reason, _ words: String, _ body: () throws -> IDXFile
    ) throws {
        let failure = try #require(throws: FormatFailure.self) { _ = try body() }
        #expect(failure.format == .idx && failure.reason == reason)
        #expect(failure.detail.contains(words), "\(failure)")
    }

    @Test("numbers of every type are decoded from big-endian bytes")
    func elements() throws {
        #expect(try read([0, 0, 8, 1, 0, 0, 0, 2, 0, 255]).values() == [0, 255])
        #expect(try read([0, 0, 9, 1, 0, 0, 0, 2, 127, 128]).values() == [127, -128])
        #expect(try read([0, 0, 11, 1, 0, 0, 0, 2, 1, 2, 255, 254]).values() == [258, -2])
        #expect(try read([0, 0, 12, 1, 0, 0, 0, 1, 255, 255, 255, 0]).values() == [-256])
        #expect(try read([0, 0, 13, 1, 0, 0, 0, 1, 0xC0, 0x20, 0, 0]).values() == [-2.5])
        #expect(
            try read([0, 0, 14, 1, 0, 0, 0, 1, 0x3F, 0xF8, 0, 0, 0, 0, 0, 0]).values() == [1.5])
    }

    @Test("a plain file must be exactly as long as its header says")
    func plainLength() throws {
        try expect(.trailingBytes, "follows than the 2 bytes") {
            try read([0, 0, 8, 1, 0, 0, 0, 2, 1, 2, 3])
        }
        try expect(.truncated, "asks for 2 bytes of data but only 1") {
            try read([0, 0, 8, 1, 0, 0, 0, 2, 1])
        }
        try expect(.truncated, "99 bytes (99 numbers), more than a file of 9 bytes can hold") {
            try read([0, 0, 8, 1, 0, 0, 0, 99, 1])
        }
    }

    @Test("a header that asks for more than the limit is refused, zero items or not")
    func limit() throws {
        let six: [UInt8] = [0, 0, 8, 1, 0, 0, 0, 6, 1, 2, 3, 4, 5, 6]
        #expect(try read(six, maximumBytes: 6).count == 6)
        try expect(.shape, "6 numbers, more than the limit of 5 bytes") {
            try read(six, maximumBytes: 5)
        }
        let huge: [UInt8] = [255, 255, 255, 255]
        try expect(.shape, "0×4294967295×4294967295×4294967295 numbers, more than the limit") {
            try read([0, 0, 8, 4, 0, 0, 0, 0] + huge + huge + huge)
        }
    }

    @Test("what is not a readable regular file is named")
    func unreadable() throws {
        try withTemporaryFolder { folder in
            let pipe = folder.appending(path: "pipe").path
            #expect(mkfifo(pipe, 0o600) == 0)
            let missing = folder.appending(path: "missing").path
            for (path, reason) in [
                (folder.path, FileFailure.Reason.isAFolder), (pipe, .notARegularFile),
                (missing, .notFound),
            ] {
                #expect(throws: FileFailure(.read, path: path, reason: reason)) {
                    try IDXFile(contentsOf: path)
                }
            }
        }
    }

    @Test("ArrayFile reads it as any other file of numbers")
    func array() throws {
        try withTemporaryFolder { folder in
            let url = folder.appending(path: "points-idx2-ubyte")
            try Data([0, 0, 11, 2, 0, 0, 0, 1, 0, 0, 0, 2, 1, 2, 255, 254]).write(to: url)
            let file = try ArrayFile(at: url.path)
            #expect(file.shape == [1, 2] && file.elementType == .int16)
            #expect(try file.doubles() == [258, -2] && file.floats() == [258, -2])
        }
    }
}
