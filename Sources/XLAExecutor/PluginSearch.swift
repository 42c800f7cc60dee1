import Files
import Foundation
import Synchronization
import TensorGraph

/// The plugins that this project knows by name, and where they are looked for.
public struct PluginSearch: Sendable {
    /// A plugin that people may have.
    public struct Known: Sendable {
        /// What `--device` calls it.
        public let name: String
        /// Its library below a folder of Python packages, and alone.
        let path: String
        /// How it is installed.
        public let remedy: String
    }

    /// The plugins that have a name here.
    public static let known = [
        Known(
            name: "cuda", path: "jax_plugins/xla_cuda13/xla_cuda_plugin.so",
            remedy: "pip install 'jax[cuda13]==0.11.2'"),
        Known(name: "tpu", path: "libtpu/libtpu.so", remedy: "pip install libtpu==0.0.51"),
        Known(
            name: "xla-cpu", path: "xla_plugins/xla_cpu_pjrt/xla_cpu_pjrt.so",
            remedy: "pip install xla-cpu-pjrt==0.0.1"),
    ]

    /// Names the library's file, or a folder that has it, before all other places.
    public static let environmentVariable = "WGAN_PJRT_PLUGIN"

    private let environment: [String: String]
    private let pythonFolders: @Sendable () -> [String]

    /// A search on this machine.
    public init() {
        self.init(ProcessInfo.processInfo.environment, pythonFolders: { Self.sitePackages })
    }

    /// - Parameter pythonFolders: Where Python's packages are; asked only where nothing is nearer.
    package init(
        _ environment: [String: String], pythonFolders: @escaping @Sendable () -> [String]
    ) {
        (self.environment, self.pythonFolders) = (environment, pythonFolders)
    }

    /// The folder of this project's own plugins: `$XDG_CACHE_HOME/swift-wgan/plugins` or
    /// `~/.cache/swift-wgan/plugins`.
    public var ownFolder: String {
        cacheFolder(
            "plugins", environment: environment,
            home: environment["HOME"] ?? NSHomeDirectory())
    }

    /// The file of a plugin, or nil where it is not on this machine.
    public func path(of plugin: Known) -> String? {
        let name = URL(fileURLWithPath: plugin.path).lastPathComponent
        if let own = environment[Self.environmentVariable], !own.isEmpty {
            return Self.first([own, "\(own)/\(name)", "\(own)/\(plugin.path)"])
        }
        let near = ["\(ownFolder)/\(plugin.path)", "\(ownFolder)/\(name)"]
        return Self.first(near) ?? Self.first(pythonFolders().map { "\($0)/\(plugin.path)" })
    }

    private static func first(_ paths: [String]) -> String? {
        paths.first { path in
            var isFolder: ObjCBool = false
            return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
                && !isFolder.boolValue
        }
    }

    /// The folders of packages of the `python3` that a shell would find, asked for once.
    private static let sitePackages: [String] = {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [
            "python3", "-c",
            "import site, sysconfig; print(sysconfig.get_paths()['purelib'], "
                + "site.getusersitepackages(), *site.getsitepackages(), sep='\\n')",
        ]
        let pipe = Pipe()
        (process.standardOutput, process.standardError) = (pipe, FileHandle.nullDevice)
        guard (try? process.run()) != nil else { return [] }
        let text = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return String(decoding: text, as: UTF8.self).split(separator: "\n").map(String.init)
    }()
}

extension XLADevice {
    /// The device that people call `text`: the name of a plugin or the path of one's library, and
    /// after a colon the number of one of its devices, or of the first and last of several that
    /// share the work: `cuda`, `cuda:1`, `cuda:0-3`, `./plugin.so:0`.
    ///
    /// - Throws: `ExecutionError` where there is no such plugin or device; it says how to install
    ///   one.
    public convenience init(named text: String, search: PluginSearch = PluginSearch()) throws {
        let (name, numbers) = Self.parts(of: text)
        let path: String
        if let plugin = PluginSearch.known.first(where: { $0.name == name }) {
            guard let found = search.path(of: plugin) else {
                throw ExecutionError(
                    "there is no plugin for the device '\(name)' on this machine; install it with "
                        + "\(plugin.remedy), or name its library in "
                        + PluginSearch.environmentVariable)
            }
            path = found
        } else if name.contains("/") {
            path = name
        } else {
            let names = PluginSearch.known.map { "'\($0.name)'" }.joined(separator: ", ")
            throw ExecutionError(
                "there is no device '\(name)'; write 'cpu', \(names), or the path of a plugin's "
                    + "library")
        }
        try self.init(
            Plugin.opened(path), number: numbers.lowerBound, count: numbers.count, choice: text,
            cache: ProgramCache())
    }

    /// The name and the numbers in a device's name; the first device's where it has none.
    package static func parts(of text: String) -> (name: String, numbers: Range<Int>) {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        let ends = parts.last?.split(separator: "-", omittingEmptySubsequences: false).map {
            Int($0)
        }
        guard parts.count > 1, let ends, ends.count <= 2, let first = ends[0],
            let last = ends[ends.count - 1], (0...last).contains(first), last < 1 << 20
        else { return (text, 0..<1) }
        return (parts.dropLast().joined(separator: ":"), first..<last + 1)
    }
}

extension Plugin {
    private static let all = Mutex<[String: Plugin]>([:])

    /// A plugin, opened once in a process.
    package static func opened(_ path: String) throws -> Plugin {
        try all.withLock { all in
            if let plugin = all[path] { return plugin }
            let plugin = try Plugin(path: path)
            all[path] = plugin
            return plugin
        }
    }
}
