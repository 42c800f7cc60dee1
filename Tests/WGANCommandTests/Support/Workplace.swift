import Foundation

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
        process.waitUntilExit()
        let texts = try said.map { String(decoding: try Data(contentsOf: $0), as: UTF8.self) }
        return Outcome(
            code: process.terminationReason == .exit ? process.terminationStatus : nil,
            output: texts[0], errors: texts[1])
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

/// What a run of the command came to.
struct Outcome {
    /// The exit code; nil where a signal ended the process.
    let code: Int32?
    /// The standard output.
    let output: String
    /// The standard error.
    let errors: String
}
