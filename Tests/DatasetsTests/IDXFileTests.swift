import Datasets
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

    private func problem(_ body: () throws -> IDXFile) -> IDXError.Problem? {
        do {
            _ = try body()
            return nil
        } catch { return (error as? IDXError)?.problem }
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
    func plainLength() {
        #expect(problem { try read([0, 0, 8, 1, 0, 0, 0, 2, 1, 2, 3]) } == .surplus(expected: 2))
        #expect(
            problem { try read([0, 0, 8, 1, 0, 0, 0, 2, 1]) }
                == .payloadShort(found: 1, expected: 2))
        #expect(
            problem { try read([0, 0, 8, 1, 0, 0, 0, 99, 1]) }
                == .claimsMoreThanFits(shape: [99], bytes: 99, fileBytes: 9))
    }

    @Test("a header that asks for more than the limit is refused, zero items or not")
    func limit() {
        let six: [UInt8] = [0, 0, 8, 1, 0, 0, 0, 6, 1, 2, 3, 4, 5, 6]
        #expect(problem { try read(six, maximumBytes: 6) } == nil)
        #expect(
            problem { try read(six, maximumBytes: 5) } == .tooLarge(shape: [6], limit: 5))
        let huge: [UInt8] = [255, 255, 255, 255]
        #expect(
            problem { try read([0, 0, 8, 4, 0, 0, 0, 0] + huge + huge + huge) }
                == .tooLarge(
                    shape: [0, 4_294_967_295, 4_294_967_295, 4_294_967_295], limit: Int.max))
    }

    @Test("what is not a readable regular file is named")
    func unreadable() throws {
        try withTemporaryFolder { folder in
            #expect(problem { try IDXFile(contentsOf: folder.path) } == .notARegularFile)
            let pipe = folder.appending(path: "pipe").path
            #expect(mkfifo(pipe, 0o600) == 0)
            #expect(problem { try IDXFile(contentsOf: pipe) } == .notARegularFile)
            let missing = folder.appending(path: "missing").path
            #expect(
                problem { try IDXFile(contentsOf: missing) }
                    == .unreadable(reason: "No such file or directory"))
        }
    }
}
