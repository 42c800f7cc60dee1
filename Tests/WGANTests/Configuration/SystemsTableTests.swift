import Datasets
import Foundation
import NeuralNetworks
import StrictYAML
import TensorGraph
import Testing
import WGAN

/// Documentation/systems.md says what each of five presets does: here it is held to that.
@Suite("The table of the five systems")
struct SystemsTableTests {
    /// The rows about keys of one preset: what the table says of each.
    private typealias Table = [(key: String, value: String)]

    /// What every table says something about, beside the length.
    private static let necessary = [
        "data", "batchSize", "latent", "generator.layers", "critic.layers",
        "generator.initialisation", "critic.initialisation", "generator.optimiser",
        "critic.optimiser", "constraint", "schedule", "signs",
    ]
    /// What the page says once for all presets, and what makes no difference to a training.
    private static let common = [
        "name", "summary", "seed", "learningRate", "objective", "onNonFinite", "outputs",
        "penaltyInterval", "precision", "shards",
    ]
    private static let presets = [
        "mixture", "gaussians5", "mnist-dcgan", "images-gp", "mnist-keras",
    ]

    @Test("says of every setting what the preset has", arguments: presets)
    func values(preset: String) throws {
        let table = try Self.table(of: preset)
        let resolved = try TrainingConfiguration(Presets.named(preset).document()).resolvedYAML
        for (key, value) in table {
            let document = try Presets.named(preset).document()
            try document.set("\(key)=\(value)")
            #expect(
                try TrainingConfiguration(document).resolvedYAML == resolved,
                "the table has \(value) for \(key)")
        }
    }

    @Test("says something of every setting that a training depends on", arguments: presets)
    func coverage(preset: String) throws {
        let keys = Set(try Self.table(of: preset).map(\.key))
        #expect(keys.isSuperset(of: Self.necessary))
        let configuration = try TrainingConfiguration(Presets.named(preset).document())
        let given = configuration.resolvedYAML.split(separator: "\n")
            .filter { $0.first?.isLetter == true }
            .map { String($0.prefix { $0 != ":" }) }
        let known = Set(keys.map { String($0.prefix { $0 != "." }) }).union(Self.common)
        #expect(Set(given).subtracting(known).isEmpty)
        #expect(configuration.setup.learningRate == 1)
        #expect(configuration.setup.penaltyInterval == 1)
        #expect(configuration.setup.objective is WassersteinObjective)
        #expect(configuration.setup.averaging == nil)
        #expect(configuration.setup.precision == .float32)
    }

    @Test("the five Gaussians' largest coordinate, by which the original divides, is nearly one")
    func largestCoordinate() throws {
        let data = try TrainingConfiguration(Presets.named("gaussians5").document()).data
        let ring = try #require(data.distribution as? SampledRing)
        #expect(try #require(ring.cloud.points.max()) > 0.99)
    }

    /// The rows whose first cell is a key in backticks, with the third cell's text in backticks.
    private static func table(of preset: String) throws -> Table {
        let page = try documentation("systems.md")
        let sections = page.components(separatedBy: "\n## ")
        let section = try #require(sections.first { $0.hasPrefix("\(preset): ") })
        return try section.split(separator: "\n").filter { $0.hasPrefix("| `") }.map { line in
            let cells = line.components(separatedBy: " | ")
            try #require(cells.count == 4, "\(line)")
            let key = cells[0].dropFirst(2)
            return (try quoted(key), try quoted(cells[2][...]))
        }
    }

    private static func quoted(_ cell: Substring) throws -> String {
        try #require(cell.hasPrefix("`") && cell.hasSuffix("`") && cell.count > 2, "\(cell)")
        return String(cell.dropFirst().dropLast())
    }
}

/// The text of a page of the documentation.
func documentation(_ name: String) throws -> String {
    try String(contentsOf: documentationURL(name), encoding: .utf8)
}

/// A page of the documentation.
func documentationURL(_ name: String) -> URL {
    URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../../Documentation/\(name)").standardizedFileURL
}
