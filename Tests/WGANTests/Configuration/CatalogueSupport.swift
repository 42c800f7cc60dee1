import Foundation
import StrictYAML
import Testing
import WGAN

/// The texts of a source folder's files by their names.
func sourceFiles(in folder: String, ending suffix: String) throws -> [String: String] {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()
    let sources = root.appending(path: "Sources/\(folder)")
    var texts: [String: String] = [:]
    for file in try FileManager.default.subpathsOfDirectory(atPath: sources.path)
    where file.hasSuffix(suffix) {
        texts[file] = try String(contentsOf: sources.appending(path: file), encoding: .utf8)
    }
    return texts
}

/// The types that the files of a source folder make conform to a protocol.
func conformances(to name: String, in folder: String) throws -> Set<String> {
    let pattern = try Regex(
        "(?:extension|enum|struct) (\\w+): [^{\\n]*\\b\(name)\\b", as: (Substring, Substring).self)
    let texts = try sourceFiles(in: folder, ending: ".swift").values
    let types = Set(texts.flatMap { $0.matches(of: pattern).map { String($0.output.1) } })
    try #require(!types.isEmpty, "no conformance was found in \(folder)")
    return types
}

/// The value of the key `x` as one of several kinds, and the document to finish.
func tagged(_ yaml: String) throws -> (setting: TaggedSection, document: ConfigurationDocument) {
    let document = try ConfigurationDocument(yaml: "x: \(yaml)\n", file: "a.yaml")
    return (try document.root.tagged("x"), document)
}

/// The description of the configuration error that `body` throws.
func failure(_ body: () throws -> Void) throws -> String {
    try #require(throws: ConfigurationError.self) { try body() }.description
}

/// A small training in the plane, of which tests change single lines.
let smallYAML = """
    name: small
    data: mixtureGrid
    batchSize: 8
    latent: {size: 2}
    generator:
      layers:
      - linear: 2
      optimiser: {rmsprop: {learningRate: 5e-5}}
    critic:
      layers:
      - linear: 5
      - relu
      - linear: 1
      optimiser: {rmsprop: {learningRate: 5e-5}}
    constraint: clipping
    steps: 10

    """

/// Reads YAML, after overrides.
func configuration(
    _ yaml: String, _ overrides: String...
) throws -> TrainingConfiguration { try configuration(yaml, overrides) }

/// Reads YAML, after overrides.
func configuration(
    _ yaml: String, _ overrides: [String]
) throws -> TrainingConfiguration {
    let document = try ConfigurationDocument(
        yaml: yaml, file: "a.yaml", taggedKeys: TrainingConfiguration.taggedKeys)
    for override in overrides { try document.set(override) }
    return try TrainingConfiguration(document)
}
