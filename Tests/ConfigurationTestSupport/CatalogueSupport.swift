import Foundation
package import StrictYAML

/// The texts of a source folder's files by their names.
package func sourceFiles(in folder: String, ending suffix: String) throws -> [String: String] {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()
    let sources = root.appending(path: "Sources/\(folder)")
    var texts: [String: String] = [:]
    for file in try FileManager.default.subpathsOfDirectory(atPath: sources.path)
    where file.hasSuffix(suffix) {
        texts[file] = try String(contentsOf: sources.appending(path: file), encoding: .utf8)
    }
    return texts
}

/// The types that the files of a source folder make conform to a protocol.
package func conformances(to name: String, in folder: String) throws -> Set<String> {
    let pattern = try Regex(
        "(?:extension|enum|struct) (\\w+): [^{\\n]*\\b\(name)\\b", as: (Substring, Substring).self)
    let texts = try sourceFiles(in: folder, ending: ".swift").values
    let types = Set(texts.flatMap { $0.matches(of: pattern).map { String($0.output.1) } })
    guard !types.isEmpty else { throw NothingFound(folder: folder) }
    return types
}

/// The value of the key `x` as one of several kinds, and the document to finish.
package func tagged(_ yaml: String) throws -> (
    setting: TaggedSection, document: ConfigurationDocument
) {
    let document = try ConfigurationDocument(yaml: "x: \(yaml)\n", file: "a.yaml")
    return (try document.root.tagged("x"), document)
}

/// The description of the configuration error that `body` throws.
package func failure(_ body: () throws -> Void) throws -> String {
    do {
        try body()
    } catch let error as ConfigurationError {
        return error.description
    }
    throw NothingThrown()
}

/// A search in sources that would otherwise prove nothing.
private struct NothingFound: Error { let folder: String }

/// A mistake that was accepted.
private struct NothingThrown: Error {}
