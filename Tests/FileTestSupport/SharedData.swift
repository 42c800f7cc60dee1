package import Foundation

/// The data sets and reference numbers that lie beside the project; tests that need them are
/// skipped elsewhere.
package enum SharedData {
    /// `../shared` as seen from the project's folder.
    private static let root = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "../shared").standardizedFileURL

    /// The folder of data sets.
    package static let folder = root.appending(path: "data").path

    /// Golden values.
    package static let golden = root.appending(path: "reference/golden")

    /// Whether the data sets are there.
    package static let isPresent = FileManager.default.fileExists(atPath: folder)

    /// Whether the golden values are there.
    package static let hasGolden = FileManager.default.fileExists(atPath: golden.path)

    /// The names of the golden files that begin so; none where the folder is absent.
    package static func goldenFiles(beginning prefix: String) throws -> [String] {
        guard hasGolden else { return [] }
        let names = try FileManager.default.contentsOfDirectory(atPath: golden.path)
        return names.filter { $0.hasPrefix(prefix) && $0.hasSuffix(".json") }.sorted()
    }

    /// A file or folder of the data sets.
    package static func path(_ name: String) -> String { "\(folder)/\(name)" }

    /// The same as an address.
    package static func url(_ name: String) -> URL { URL(filePath: path(name)) }
}
