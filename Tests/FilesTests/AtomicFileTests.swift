import FileTestSupport
import Files
import Foundation
import Synchronization
import Testing

@testable import Files

@Suite("Atomic files")
struct AtomicFileTests {
    let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
        try Data("old".utf8).write(to: folder.file("a.txt"))
    }

    private func write(_ text: String, _ name: String = "a.txt", calls: FileCalls) throws {
        try AtomicFile.write(Data(text.utf8), to: folder.file(name), calls: calls)
    }

    private func expectOldContent() throws {
        #expect(try folder.content("a.txt") == "old")
        #expect(try folder.entries() == ["a.txt"])
    }

    @Test("A file is created, and replaced, with nothing else left in the folder")
    func createsAndReplaces() throws {
        try AtomicFile.write(Data("new".utf8), to: folder.file("a.txt"))
        try AtomicFile.write(Data(), to: folder.file("empty"))
        #expect(try folder.content("a.txt") == "new")
        #expect(try folder.content("empty") == "")
        #expect(try folder.entries() == ["a.txt", "empty"])
    }

    @Test("Short writes and interruptions lose nothing")
    func shortWrites() throws {
        let turn = Mutex(0)
        var calls = FileCalls()
        calls.put = { descriptor, bytes, count in
            let isInterrupted = turn.withLock { turn in
                turn += 1
                return turn % 3 == 0
            }
            if isInterrupted {
                errno = EINTR
                return -1
            }
            return Foundation.write(descriptor, bytes, min(count, 2))
        }
        let flushes = Mutex(0)
        calls.flush = { descriptor in
            let isInterrupted = flushes.withLock { flushes in
                flushes += 1
                return flushes == 1
            }
            errno = EINTR
            return isInterrupted ? -1 : fsync(descriptor)
        }
        try write("0123456789abcdef-", calls: calls)
        #expect(try folder.content("a.txt") == "0123456789abcdef-")
        #expect(flushes.withLock { $0 } == 3)
    }

    @Test(
        "A disk that fills up leaves the old content, whenever it does",
        arguments: [0, 1, 5, 9])
    func diskFull(afterBytes limit: Int) throws {
        let written = Mutex(0)
        var calls = FileCalls()
        calls.put = { descriptor, bytes, count in
            let room = written.withLock { limit - $0 }
            guard room > 0 else {
                errno = ENOSPC
                return -1
            }
            let result = Foundation.write(descriptor, bytes, min(room, count))
            written.withLock { $0 += result }
            return result
        }
        #expect(throws: FileFailure(.write, path: folder.file("a.txt").path, reason: .diskFull)) {
            try write("0123456789", calls: calls)
        }
        try expectOldContent()
    }

    @Test("A failing flush or rename leaves the old content")
    func failingFlushOrRename() throws {
        var failingFlush = FileCalls()
        failingFlush.flush = { _ in
            errno = EIO
            return -1
        }
        var failingMove = FileCalls()
        failingMove.move = { _, _ in
            errno = EACCES
            return -1
        }
        let path = folder.file("a.txt").path
        #expect(throws: FileFailure(.write, path: path, reason: .system(code: EIO))) {
            try write("new", calls: failingFlush)
        }
        #expect(throws: FileFailure(.write, path: path, reason: .permissionDenied)) {
            try write("new", calls: failingMove)
        }
        try expectOldContent()
    }

    @Test("A device that is always full reports it, and stays a device")
    func fullDevice() throws {
        let link = folder.file("full")
        try FileManager.default.createSymbolicLink(
            at: link, withDestinationURL: URL(fileURLWithPath: "/dev/full"))
        #expect(throws: FileFailure(.write, path: link.path, reason: .diskFull)) {
            try AtomicFile.write(Data("x".utf8), to: link)
        }
        var status = stat()
        #expect(stat(link.path, &status) == 0 && status.st_mode & S_IFMT == S_IFCHR)
        #expect(try folder.entries() == ["a.txt", "full"])
    }

    @Test("A symbolic link stays one: the file that it names is replaced")
    func followsLinks() throws {
        let link = folder.file("link")
        try FileManager.default.createSymbolicLink(
            at: link, withDestinationURL: folder.file("a.txt"))
        try AtomicFile.write(Data("new".utf8), to: link)
        #expect(try folder.content("a.txt") == "new")
        #expect(try FileManager.default.destinationOfSymbolicLink(atPath: link.path).count > 0)
    }

    @Test("Places where no file can be are refused by name")
    func impossiblePlaces() throws {
        let cases: [(String, FileFailure.Reason)] = [
            ("a.txt/b", .notAFolder), ("missing/b", .notFound), (".", .isAFolder),
            (String(repeating: "n", count: 300), .nameTooLong),
        ]
        for (name, reason) in cases {
            let error = #expect(throws: FileFailure.self) {
                try AtomicFile.write(Data("x".utf8), to: folder.file(name))
            }
            #expect(error?.reason == reason)
            #expect(error?.description.hasSuffix(".") == true)
        }
        try expectOldContent()
    }

    @Test("A file beyond the process's size limit leaves the old content")
    func sizeLimit() async throws {
        await #expect(processExitsWith: .success) { [path = folder.url.path as String] in
            signal(SIGXFSZ, SIG_IGN)
            var limit = rlimit(rlim_cur: 4096, rlim_max: 4096)
            setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit)
            let url = URL(fileURLWithPath: path).appendingPathComponent("a.txt")
            do {
                try AtomicFile.write(Data(count: 100_000), to: url)
                exit(2)
            } catch let failure as FileFailure {
                exit(failure.reason == .fileTooLarge ? EXIT_SUCCESS : 3)
            }
        }
        try expectOldContent()
    }

    @Test(
        "A process that ends at once takes its unfinished files along, and leaves the finished ones"
    )
    func endOfProcess() async throws {
        await #expect(processExitsWith: .exitCode(130)) { [path = folder.url.path as String] in
            let folder = URL(fileURLWithPath: path)
            let writers = try ["a.txt", "b", "c"].map {
                try AtomicFileWriter(to: folder.appendingPathComponent($0))
            }
            for writer in writers { try writer.append(Data("new".utf8)) }
            try writers[1].commit()
            TemporaryFiles.endProcess(130)
        }
        #expect(try folder.entries() == ["a.txt", "b"])
        #expect(try folder.content("a.txt") == "old")
    }

    @Test("What Foundation says of a file is said in our words")
    func foundationErrors() throws {
        let missing = folder.file("missing")
        let cases: [(FileFailure, () throws -> Void)] = [
            (
                FileFailure(.write, path: missing.path, reason: .notFound),
                { try FileManager.default.removeItem(at: missing) }
            ),
            (
                FileFailure(.read, path: missing.path, reason: .notFound),
                { _ = try Data(contentsOf: missing) }
            ),
            (
                FileFailure(.write, path: "/dev/full", reason: .diskFull),
                { try Data(count: 10).write(to: URL(fileURLWithPath: "/dev/full")) }
            ),
        ]
        for (failure, body) in cases {
            let error = try #require(throws: (any Error).self) { try body() }
            #expect(FileFailure(error) == failure)
        }
        #expect(FileFailure(CancellationError()) == nil)
    }

    @Test("A streamed file appears only on commit; abandoned or dropped, it leaves nothing")
    func streaming() throws {
        let writer = try AtomicFileWriter(to: folder.file("a.txt"))
        try writer.append(Data("one ".utf8))
        try writer.append(Data("two".utf8))
        #expect(try folder.content("a.txt") == "old")
        try writer.commit()
        writer.abandon()
        #expect(try folder.content("a.txt") == "one two")

        let abandoned = try AtomicFileWriter(to: folder.file("b"))
        try abandoned.append(Data("x".utf8))
        abandoned.abandon()
        do {
            let dropped = try AtomicFileWriter(to: folder.file("c"))
            try dropped.append(Data("x".utf8))
        }
        #expect(try folder.entries() == ["a.txt"])
    }

    @Test("After a failure a writer cannot be committed")
    func failureIsFinal() throws {
        var calls = FileCalls()
        calls.put = { _, _, _ in
            errno = ENOSPC
            return -1
        }
        let writer = try AtomicFileWriter(to: folder.file("a.txt"), calls: calls)
        #expect(throws: FileFailure.self) { try writer.append(Data("x".utf8)) }
        #expect(throws: FileFailure.self) { try writer.commit() }
        try expectOldContent()
    }

    @Test("An error is one sentence without control characters")
    func errorText() {
        let failure = FileFailure(.write, path: "/x/\u{1B}[31mred", reason: .diskFull)
        #expect(
            failure.description == "Cannot write '/x/\\u{1B}[31mred': the disk is full or a quota "
                + "is used up; free some space or choose another folder.")
    }
}
