import Foundation

/// The data sets that lie beside the project; tests that need them are skipped elsewhere.
enum SharedData {
    static let folder = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "../shared/data").standardizedFileURL.path

    static let hasMNIST = FileManager.default.fileExists(
        atPath: path("mnist/train-images-idx3-ubyte.gz"))
    static let hasHardIDX = FileManager.default.fileExists(atPath: path("hard-idx/MANIFEST.tsv"))

    static func path(_ name: String) -> String { "\(folder)/\(name)" }
}
