import Foundation
import Testing

/// A folder in which the command is run, with a home folder beside it; gone with its owner.
final class Workplace: Sendable {
    /// The command's working folder.
    let folder: URL
    private let root: URL

    init() throws {
        root = FileManager.default.temporaryDirectory
            .appending(path: "wgan-command-\(UUID().uuidString)").resolvingSymlinksInPath()
        folder = root.appending(path: "work")
        for name in ["work", "home", "said"] {
            try FileManager.default.createDirectory(
                at: root.appending(path: name), withIntermediateDirectories: true)
        }
    }

    deinit { try? remove() }

    /// Deletes everything.
    func remove() throws { try FileManager.default.removeItem(at: root) }

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
    ///   - errors: Where standard error goes; by default to a file, whose text is in the outcome.
    func wgan(
        _ arguments: [String], environment: [String: String] = [:], errors: FileHandle? = nil
    ) throws -> Outcome {
        try start(arguments, environment: environment, errors: errors).end()
    }

    /// Runs `wgan` to its end, which must be a success.
    func succeed(
        _ arguments: [String], sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let outcome = try wgan(arguments)
        try #require(
            outcome.code == 0, "\(arguments): \(outcome.errors)", sourceLocation: sourceLocation)
    }

    /// Starts `wgan`.
    func start(
        _ arguments: [String], environment: [String: String] = [:], errors: FileHandle? = nil
    ) throws -> RunningCommand {
        // Files, not pipes: other children started meanwhile would inherit a pipe's end.
        let name = UUID().uuidString
        let said = ["out", "err"].map { root.appending(path: "said/\(name).\($0)") }
        for file in said { try Data().write(to: file) }
        let process = Process()
        process.executableURL = Self.executable
        process.arguments = arguments
        process.currentDirectoryURL = folder
        process.environment = childEnvironment.merging(environment) { $1 }
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = try FileHandle(forWritingTo: said[0])
        process.standardError = try errors ?? FileHandle(forWritingTo: said[1])
        try process.run()
        return RunningCommand(process: process, said: said)
    }

    /// What the tests have, without the variables that the command looks at.
    private var childEnvironment: [String: String] {
        var environment = ProcessInfo.processInfo.environment
        for name in ["WGAN_DATA", "XDG_CACHE_HOME", "NO_COLOR"] { environment[name] = nil }
        environment["HOME"] = root.appending(path: "home").path
        return environment
    }

    /// The command, which is built into the folder of the test bundle.
    private static let executable: URL = {
        let bundle = Bundle.allBundles.first { $0.bundlePath.hasSuffix(".xctest") }
        let products = bundle?.bundleURL.deletingLastPathComponent() ?? Bundle.main.bundleURL
        return products.appending(path: "wgan")
    }()
}

/// The command while it runs.
struct RunningCommand {
    fileprivate let process: Process
    fileprivate let said: [URL]

    var isRunning: Bool { process.isRunning }

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
        return Outcome(
            code: process.terminationReason == .exit ? process.terminationStatus : nil,
            output: texts[0], errors: texts[1])
    }
}

/// What a run of the command came to.
struct Outcome {
    /// The exit code; nil where a signal ended the process.
    let code: Int32?
    /// The standard output.
    let output: String
    /// The standard error.
    let errors: String
}
