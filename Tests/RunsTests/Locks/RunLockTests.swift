import FileTestSupport
import Files
import Foundation
import Testing

@testable import Runs

@Suite("Locks of runs")
struct RunLockTests {
    let folder: TemporaryFolder
    let run: RunFolder

    init() throws {
        folder = try TemporaryFolder()
        run = try RunFolder.create(at: folder.file("run"))
        try run.write(Data("a: 1".utf8), at: RunFolder.configurationPath)
    }

    private var file: URL { run.url.appendingPathComponent(RunLock.path) }

    /// A holder like this process, but for what is given.
    private func holder(
        number: Int32? = nil, start: UInt64? = nil, boot: String? = nil, host: String? = nil
    ) -> ProcessIdentity {
        let own = ProcessIdentity.current()
        return ProcessIdentity(
            number: number ?? own.number, start: start ?? own.start, boot: boot ?? own.boot,
            host: host ?? own.host, command: "wgan train", time: own.time)
    }

    private func write(_ holder: ProcessIdentity) throws {
        try JSONEncoder().encode(holder).write(to: file)
    }

    /// A file system without locks.
    private func lockWithoutLocks() throws -> RunLock {
        try RunLock(at: file) { _ in
            errno = ENOLCK
            return -1
        }
    }

    @Test("A lock is given once, and again after it was given back")
    func again() throws {
        #expect(try RunLock.state(of: run) == .free)
        do {
            let lock = try RunLock(of: run)
            #expect(lock.formerHolder == nil)
            guard case .held(let holder) = try RunLock.state(of: run) else {
                Issue.record("not held")
                return
            }
            #expect(holder.number == getpid())
            #expect(throws: RunLockFailure.held(path: file.path, by: holder)) {
                try RunLock(of: run)
            }
        }
        #expect(try RunLock.state(of: run) == .free)
        #expect(try RunLock(of: run).formerHolder == nil)
    }

    @Test("A second process is refused in one sentence that names the first one")
    func secondProcess() async throws {
        let lock = try RunLock(of: run)
        let number = "\(getpid())"
        await #expect(processExitsWith: .success) {
            [path = run.url.path as String, number = number as String] in
            let run = try RunFolder(opening: URL(fileURLWithPath: path))
            do {
                _ = try RunLock(of: run)
                exit(2)
            } catch let failure as RunLockFailure {
                let text = failure.description
                guard text.contains("process \(number) on "), text.hasSuffix("or end it."),
                    !text.contains("\n")
                else { exit(3) }
            }
        }
        _ = lock
    }

    @Test("A process that is killed gives its lock back, and is named to the next one")
    func killedHolder() async throws {
        await #expect(processExitsWith: .signal(SIGKILL)) { [path = run.url.path as String] in
            let lock = try RunLock(of: RunFolder(opening: URL(fileURLWithPath: path)))
            _ = lock
            kill(getpid(), SIGKILL)
        }
        guard case .abandoned(let holder) = try RunLock.state(of: run) else {
            Issue.record("not abandoned")
            return
        }
        let lock = try RunLock(of: run)
        #expect(lock.formerHolder == holder && holder.number != getpid())
    }

    @Test("A child process that outlives its parent does not keep the lock")
    func children() throws {
        let child = Process()
        do {
            let lock = try RunLock(of: run)
            child.executableURL = URL(fileURLWithPath: "/bin/sleep")
            child.arguments = ["60"]
            child.standardOutput = FileHandle.nullDevice
            child.standardError = FileHandle.nullDevice
            try child.run()
            _ = lock
        }
        #expect(try RunLock(of: run).formerHolder == nil)
        #expect(child.isRunning)
        kill(child.processIdentifier, SIGKILL)
        child.waitUntilExit()
    }

    @Test("Without locks of the file system, a holder that runs, or may, is believed")
    func withoutLocksHeld() throws {
        for holder in [holder(), holder(host: "elsewhere")] {
            try write(holder)
            #expect(throws: RunLockFailure.held(path: file.path, by: holder)) {
                try lockWithoutLocks()
            }
            #expect(try RunLock.state(of: run) == .held(holder))
        }
        try write(holder(host: "elsewhere"))
        let failure = #expect(throws: RunLockFailure.self) { try lockWithoutLocks() }
        #expect(failure?.description.contains("or remove '\(file.path)' if it has.") == true)
    }

    @Test("A holder is gone when its number is free or another process's, or after a restart")
    func withoutLocksStale() throws {
        let gone = Process()
        gone.executableURL = URL(fileURLWithPath: "/bin/true")
        try gone.run()
        gone.waitUntilExit()
        let own = try #require(ProcessIdentity.current().start)
        let stale = [
            holder(number: gone.processIdentifier), holder(start: own + 1),
            holder(boot: "another start"), holder(number: 0), holder(number: -1),
        ]
        for holder in stale {
            try write(holder)
            #expect(try RunLock.state(of: run) == .abandoned(holder))
            #expect(try lockWithoutLocks().formerHolder == holder)
        }
    }

    @Test(
        "A file with anything else in it is no hindrance",
        arguments: [
            "", "x", "{}", "[[[[", #"{"number":1e99}"#, String(repeating: "[", count: 99_999),
        ])
    func damagedFile(_ text: String) throws {
        try Data(text.utf8).write(to: file)
        #expect(try RunLock.state(of: run) == .free)
        #expect(try RunLock(of: run).formerHolder == nil)
    }

    @Test("Names from the file cannot carry escape sequences to the terminal")
    func hostileNames() {
        let holder = ProcessIdentity(
            number: 1, start: nil, boot: nil, host: "h\u{1B}[2J", command: "c\nd", time: 1e300)
        let text = RunLockFailure.held(path: "/x/run.lock", by: holder).description
        #expect(!text.contains("\u{1B}") && !text.contains("\n"))
    }

    @Test("A lock whose file is removed does not keep others from a new one")
    func removedFile() throws {
        let lock = try RunLock(of: run)
        try FileManager.default.removeItem(at: file)
        let second = try RunLock(of: run)
        #expect(throws: RunLockFailure.self) { try RunLock(of: run) }
        _ = (lock, second)
    }

    @Test("A pipe or a folder in the lock's place is refused without waiting")
    func notAFile() throws {
        #expect(mkfifo(file.path, 0o600) == 0)
        #expect(throws: FileFailure.self) { try RunLock(of: run) }
        unlink(file.path)
        #expect(mkdir(file.path, 0o700) == 0)
        #expect(throws: FileFailure.self) { try RunLock(of: run) }
    }
}
