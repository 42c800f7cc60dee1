import Foundation

/// The data sets that lie beside the project; tests that need them are skipped elsewhere.
enum SharedData {
    static let folder = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "../shared/data").standardizedFileURL.path

    static let isPresent = FileManager.default.fileExists(atPath: folder)

    static func path(_ name: String) -> String { "\(folder)/\(name)" }
}

/// A new folder that is deleted after use.
func withTemporaryFolder<Result>(_ body: (URL) throws -> Result) throws -> Result {
    let folder = FileManager.default.temporaryDirectory.appending(path: "wgan-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    return try body(folder)
}
