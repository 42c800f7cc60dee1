import Foundation
import Testing
import XLAExecutor

@Suite("Where plugins are looked for")
struct PluginSearchTests {
    private let plugin = PluginSearch.known.first { $0.name == "tpu" }!

    @Test("the named place comes first, then the project's folder, then Python's packages")
    func order() throws {
        let root = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        defer { try? FileManager.default.removeItem(at: root) }
        func file(_ path: String) throws -> String {
            let url = root.appending(path: path)
            try FileManager.default.createDirectory(
                at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data().write(to: url)
            return url.path
        }
        func found(_ environment: [String: String] = [:]) -> String? {
            let home = ["HOME": root.path].merging(environment) { $1 }
            return PluginSearch(home, pythonFolders: { [root.appending(path: "python").path] })
                .path(of: plugin)
        }
        #expect(found() == nil)
        let python = try file("python/libtpu/libtpu.so")
        #expect(found() == python)
        let own = try file(".cache/swift-wgan/plugins/libtpu.so")
        #expect(found() == own)
        #expect(found(["XDG_CACHE_HOME": root.appending(path: "elsewhere").path]) == python)
        let named = try file("named/libtpu.so")
        let variable = PluginSearch.environmentVariable
        #expect(found([variable: named]) == named)
        #expect(found([variable: root.appending(path: "named").path]) == named)
        #expect(found([variable: "/absent"]) == nil)
        #expect(found([variable: ""]) == own)
    }
}
