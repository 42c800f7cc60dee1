import FileTestSupport
import Files
import Foundation
import Testing

@Suite("Files that are read")
struct ReadableFileTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    @Test("What is no regular file is refused, and a pipe without a writer is not waited for")
    func others() throws {
        let pipe = folder.file("pipe").path
        try #require(mkfifo(pipe, 0o600) == 0)
        for (path, reason) in [
            (folder.url.path, FileFailure.Reason.isAFolder), (pipe, .notARegularFile),
            (folder.file("none").path, .notFound), ("/dev/null", .notARegularFile),
        ] {
            #expect(throws: FileFailure(.read, path: path, reason: reason)) {
                try ReadableFile(path)
            }
        }
    }

    @Test("All ways of reading give the same bytes")
    func agreement() throws {
        let content = Data((0..<10_000).map { UInt8(truncatingIfNeeded: $0 &* 31) })
        try content.write(to: folder.file("a"))
        let file = try ReadableFile(folder.file("a"))
        #expect(try file.bytes() == Array(content) && file.count == content.count)
        #expect(try file.read(at: 9_990, count: 10) == Array(content.suffix(10)))
        for size in [1, 1000, 3333, 10_000, 20_000] {
            var pieces: [UInt8] = []
            try file.forEachPiece(of: size) { pieces += $0 }
            #expect(pieces == Array(content))
        }
        let mapped = try file.mapped()
        try FileManager.default.removeItem(at: folder.file("a"))
        #expect(mapped.bytes.elementsEqual(content))
    }

    @Test("A file that became shorter is an error, never fewer bytes")
    func shortened() throws {
        try Data(repeating: 1, count: 100).write(to: folder.file("a"))
        let file = try ReadableFile(folder.file("a"))
        try #require(truncate(file.path, 50) == 0)
        #expect(throws: FileFailure(.read, path: file.path, reason: .changedWhileReading)) {
            try file.bytes()
        }
        #expect(try file.read(at: 0, count: 50).count == 50)
    }

    @Test("A file without bytes is read, and cannot be mapped")
    func empty() throws {
        try Data().write(to: folder.file("a"))
        let file = try ReadableFile(folder.file("a"))
        #expect(try file.bytes().isEmpty)
        #expect(throws: FileFailure.self) { try file.mapped() }
    }

    @Test("Unfinished files of writers that are no more are removed, and nothing else is")
    func leftovers() throws {
        let writer = try AtomicFileWriter(to: folder.file("a"))
        let alive = try folder.entries()
        let dead = ".\(UUID().uuidString).partial"
        let others = [".name.partial", "b.partial", ".\(UUID().uuidString).txt"]
        for name in [dead] + others { try Data("x".utf8).write(to: folder.file(name)) }
        TemporaryFiles.removeLeftovers(in: folder.url.path)
        #expect(try folder.entries() == (alive + others).sorted())
        try writer.append(Data("whole".utf8))
        try writer.commit()
        #expect(try folder.content("a") == "whole")
    }
}
