import FileTestSupport
import Foundation
import Testing

/// A folder in which the command is run, with a home folder beside it; gone with its owner.
final class Workplace: Sendable {
    /// The command's working folder.
    let folder: URL
    private let root: TemporaryFolder

    init() throws {
        root = try TemporaryFolder()
        folder = root.url.resolvingSymlinksInPath().appending(path: "work")
        for name in ["work", "home", "said"] {
            try FileManager.default.createDirectory(
                at: root.file(name), withIntermediateDirectories: true)
        }
    }

    /// Deletes everything.
    func remove() throws { try root.remove() }

    /// A file or folder of the working folder.
    func url(_ path: String) -> URL { folder.appending(path: path) }

    /// All that is in the working folder, hidden things too.
    func entries() throws -> [String] {
        try FileManager.default.subpathsOfDirectory(atPath: folder.path).sorted()
    }

    func write(_ text: String, to path: String) throws { try write(Data(text.utf8), to: path) }

    func write(_ data: Data, to path: String) throws {
        try FileManager.default.createDirectory(
            at: url(path).deletingLastPathComponent(), withIntermediateDirectories: true)
        try data.write(to: url(path))
    }

    func data(_ path: String) throws -> Data { try Data(contentsOf: url(path)) }

    func text(_ path: String) throws -> String { String(decoding: try data(path), as: UTF8.self) }

    /// Runs `wgan` to its end.
    ///
    /// - Parameters:
    ///   - environment: Variables beside those that the tests have.
    ///   - setup: What a shell does first in the process that becomes the command: `ulimit -f 8`.
    ///   - output: Where standard output goes; by default to a file, whose text is in the outcome.
    ///   - errors: The same for standard error.
    ///   - subfolder: Where in the working folder; in itself where nil.
    func wgan(
        _ arguments: [String], environment: [String: String] = [:], after setup: String? = nil,
        output: FileHandle? = nil, errors: FileHandle? = nil, folder subfolder: String? = nil
    ) throws -> Outcome {
        try start(
            arguments, environment: environment, after: setup, output: output, errors: errors,
            folder: subfolder
        ).end()
    }

    /// Runs `wgan` to its end, which must be a success.
    func succeed(
        _ arguments: [String], sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let outcome = try wgan(arguments)
        try #require(
            outcome.code == 0, "\(arguments): \(outcome.errors)", sourceLocation: sourceLocation)
    }

    /// Starts `wgan`, as ``wgan(_:environment:after:output:errors:)`` does.
    func start(
        _ arguments: [String], environment: [String: String] = [:], after setup: String? = nil,
        output: FileHandle? = nil, errors: FileHandle? = nil, folder subfolder: String? = nil,
        program: String = "wgan"
    ) throws -> RunningCommand {
        let executable = Self.products.appending(path: program)
        _ = Self.takeSignals
        // Files, not pipes: other children started meanwhile would inherit a pipe's end.
        let name = UUID().uuidString
        let said = ["out", "err"].map { root.file("said/\(name).\($0)") }
        for file in said { try Data().write(to: file) }
        let process = Process()
        if let setup {
            process.executableURL = URL(filePath: "/bin/sh")
            process.arguments =
                ["-c", "\(setup)\nexec \"$0\" \"$@\"", executable.path] + arguments
        } else {
            process.executableURL = executable
            process.arguments = arguments
        }
        process.currentDirectoryURL = subfolder.map(url) ?? folder
        process.environment = childEnvironment.merging(environment) { $1 }
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = try output ?? FileHandle(forWritingTo: said[0])
        process.standardError = try errors ?? FileHandle(forWritingTo: said[1])
        try process.run()
        return RunningCommand(process: process, said: said)
    }

    /// Signals have their usual effect on the command, also where the tests were started to ignore
    /// them, as a shell does in the background.
    private static let takeSignals: Void = {
        for number in [SIGINT, SIGQUIT, SIGHUP, SIGTERM] { signal(number, SIG_DFL) }
    }()

    /// What the tests have, without the variables that the command looks at.
    private var childEnvironment: [String: String] {
        var environment = ProcessInfo.processInfo.environment
        for name in ["WGAN_DATA", "XDG_CACHE_HOME", "NO_COLOR"] { environment[name] = nil }
        environment["HOME"] = root.file("home").path
        return environment
    }

    /// The folder of the test bundle, into which programs are built too.
    private static let products: URL = {
        let bundle = Bundle.allBundles.first { $0.bundlePath.hasSuffix(".xctest") }
        return bundle?.bundleURL.deletingLastPathComponent() ?? Bundle.main.bundleURL
    }()
}

/// The command while it runs.
struct RunningCommand {
    fileprivate let process: Process
    fileprivate let said: [URL]

    var isRunning: Bool { process.isRunning }

    #if os(Linux)
        /// The most memory that the process has had so far, in bytes; 0 where it has ended.
        var peakMemory: Int {
            FileTestSupport.peakMemory(of: process.processIdentifier) ?? 0
        }
    #endif

    func send(_ signal: Int32) { kill(process.processIdentifier, signal) }

    /// Waits until the command has made a file; one that ends before, or takes minutes, fails.
    func wait(for path: String, in place: Workplace) throws {
        for _ in 0..<12_000 {
            if FileManager.default.fileExists(atPath: place.url(path).path) { return }
            try #require(isRunning, "the command ended without \(path)")
            Thread.sleep(forTimeInterval: 0.01)
        }
        send(SIGKILL)
        Issue.record("\(path) did not appear")
    }

    /// Waits for the end.
    func end() throws -> Outcome {
        process.waitUntilExit()
        let texts = try said.map { String(decoding: try Data(contentsOf: $0), as: UTF8.self) }
        let (status, isExit) = (process.terminationStatus, process.terminationReason == .exit)
        return Outcome(
            code: isExit ? status : nil, signal: isExit ? nil : status, output: texts[0],
            errors: texts[1])
    }
}

/// What a run of the command came to.
struct Outcome {
    /// The exit code; nil where a signal ended the process.
    let code: Int32?
    /// The signal that ended the process; nil where it ended itself.
    let signal: Int32?
    /// The standard output.
    let output: String
    /// The standard error.
    let errors: String

    /// Standard error without the lines of progress that a command writes where it takes long.
    var messages: String {
        errors.split(separator: "\n", omittingEmptySubsequences: false)
            .filter { $0.prefixMatch(of: #/\s*[0-9]+\/[0-9]+ /#) == nil }
            .joined(separator: "\n")
    }
}
