package import Foundation

/// A folder that lives as long as its owner.
package final class TemporaryFolder: Sendable {
    /// Where it is.
    package let url: URL

    package init() throws {
        url = FileManager.default.temporaryDirectory
            .appendingPathComponent("wgan-tests-\(UUID().uuidString)", isDirectory: true)
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit { try? remove() }

    /// Deletes it, for an owner that lives as long as the process.
    package func remove() throws { try FileManager.default.removeItem(at: url) }

    /// A file in it.
    package func file(_ name: String) -> URL { url.appendingPathComponent(name) }

    /// The names of all entries, hidden ones too.
    package func entries() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: url.path).sorted()
    }

    /// A file's text.
    package func content(_ name: String) throws -> String {
        String(decoding: try Data(contentsOf: file(name)), as: UTF8.self)
    }
}

/// A new folder that is deleted after use.
package func withTemporaryFolder<Result>(_ body: (URL) throws -> Result) throws -> Result {
    let folder = try TemporaryFolder()
    return try withExtendedLifetime(folder) { try body(folder.url) }
}
