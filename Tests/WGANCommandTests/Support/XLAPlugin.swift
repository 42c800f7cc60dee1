import FileTestSupport
import Foundation
import Testing
import XLAExecutor

/// XLA's plugin for processors, and one of ours that hands everything on to it but fails.
enum XLAPlugin {
    private static let found = PluginSearch().path(of: PluginSearch.known.last!)
    static let isInstalled = found != nil
    static let absence: Comment = "the plugin xla-cpu is not installed; scripts/setup-xla does it"

    /// Its file: what `--device` takes, since tests have a home of their own.
    static var path: String { found ?? "absent" }

    /// A plugin that fails as `failure` says, built in a folder.
    static func failing(_ failure: String, in place: Workplace) throws -> String {
        let source = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "failing_plugin.c")
        let target = place.url("failing.so").path
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [
            "gcc", "-shared", "-fPIC", "-o", target, source.path, "-ldl",
            "-DPLUGIN=\"\(path)\"", "-D\(failure)",
        ]
        try process.run()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0)
        return target
    }
}
