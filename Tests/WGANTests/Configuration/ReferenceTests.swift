import Foundation
import NeuralNetworks
import StrictYAML
import Testing
import WGAN

/// Documentation/configuration.md lists all keys. Its cells about values are the readers'; to write
/// them anew, run this suite with WGAN_WRITE_REFERENCE=1. Meanings are written by people.
@Suite("The reference of configuration keys")
struct ReferenceTests {
    @Test("has a row for every key and kind, with what its reader wants and falls back to")
    func rows() throws {
        let known = try ReferenceReadings.all()
        if ProcessInfo.processInfo.environment["WGAN_WRITE_REFERENCE"] != nil { try write(known) }
        let page = try documentation("configuration.md")
        let rows = page.split(separator: "\n").compactMap(ReferenceRow.init)
        #expect(rows.count == Set(rows.map(\.key)).count, "a key has two rows")
        let written = Dictionary(rows.map { ($0.key, $0) }) { first, _ in first }
        #expect(Set(written.keys) == Set(known.keys))
        for (key, value) in known {
            #expect(written[key]?.value == value.value, "\(key)")
            #expect(written[key]?.fallback == value.fallback, "\(key)")
            #expect(written[key]?.meaning.isEmpty == false, "\(key) has no meaning")
        }
    }

    @Test("every constraint, layer, optimiser, initialisation and kind of data has its row")
    func kinds() throws {
        let known = try ReferenceReadings.all()
        for (group, names) in ReferenceReadings.kinds {
            for name in names { #expect(known["\(group).\(name)"] != nil) }
        }
    }

    /// Writes the cells about values anew; rows of keys that are new stand at the end.
    private func write(_ known: [String: ReferenceRow]) throws {
        let url = documentationURL("configuration.md")
        let page = try String(contentsOf: url, encoding: .utf8)
        var rest = known
        let lines = page.components(separatedBy: "\n").compactMap { line -> String? in
            guard let row = ReferenceRow(line[...]) else { return line }
            return rest.removeValue(forKey: row.key).map { $0.line(meaning: row.meaning) }
        }
        let new = rest.keys.sorted().map { rest[$0]!.line(meaning: "") }
        try (lines + new).joined(separator: "\n").write(to: url, atomically: true, encoding: .utf8)
    }
}

/// A row of the reference: a key, what its value must be, what it is by default, and what it means.
struct ReferenceRow: Equatable {
    let key: String
    let value: String
    let fallback: String
    var meaning = ""

    init(key: String, value: String, fallback: String) {
        (self.key, self.value, self.fallback) = (key, value, fallback)
    }

    /// Reads a line of a table whose first cell is in backticks; nil for other lines.
    init?(_ line: Substring) {
        let cells = line.dropFirst(2).dropLast(2).components(separatedBy: " | ")
        guard line.hasPrefix("| `"), line.hasSuffix(" |"), cells.count == 4 else { return nil }
        key = cells[0].trimmingCharacters(in: ["`"])
        (value, fallback, meaning) = (cells[1], cells[2], cells[3])
    }

    func line(meaning: String) -> String { "| `\(key)` | \(value) | \(fallback) | \(meaning) |" }
}

/// What the readers ask for, found by letting them read configurations that have every kind.
enum ReferenceReadings {
    /// The names of all kinds, by what they are kinds of.
    static let kinds: [(group: String, names: [String])] = [
        ("data", DataCatalogue.all.map { $0.configurationName }),
        ("constraint", ConstraintCatalogue.all.map { $0.configurationName }),
        ("layers", LayerCatalogue.all.map { $0.configurationName }),
        ("optimiser", OptimiserCatalogue.all.map { $0.configurationName }),
        ("initialisation", InitialisationCatalogue.all.map { $0.configurationName }),
        ("schedule", CriticSchedule.configurationNames),
        ("learningRate", ScheduledNumber.factorNames),
        ("number", ScheduledNumber.configurationNames),
        ("objective", ObjectiveCatalogue.all.map { $0.configurationName }),
        (
            "transformation",
            TransformationCatalogue.all.map { $0.configurationName }
                + [TransformationCatalogue.colour]
        ),
        ("augmentation.probability", [Augmentation.Probability.adaptiveName]),
        ("onNonFinite", NonFiniteResponse.configurationNames),
    ]

    /// All rows by their keys, without meanings.
    static func all() throws -> [String: ReferenceRow] {
        var found: [String: [SettingDescription]] = [:]
        for description in try descriptions() {
            let key = key(of: description.path)
            if found[key]?.contains(description) != true {
                found[key, default: []].append(description)
            }
        }
        var rows = found.reduce(into: [String: ReferenceRow]()) { rows, entry in
            let values = unique(entry.value.map(\.expected))
            let fallbacks = unique(entry.value.map { $0.fallback ?? "required" })
            rows[entry.key] = ReferenceRow(
                key: entry.key, value: values.joined(separator: "; or "),
                fallback: fallbacks.map { $0 == "\"\"" ? "empty" : $0 }.joined(separator: ", "))
        }
        // The one range that is another setting's value.
        rows["outputs.samples.columns"] = ReferenceRow(
            key: "outputs.samples.columns", value: "a whole number from 1 to `count`",
            fallback: "as many as rows")
        for layer in ["avgPool2d", "maxPool2d"] {
            rows["layers.\(layer).stride"] = ReferenceRow(
                key: "layers.\(layer).stride", value: "a whole number from 1 to 64",
                fallback: "the window")
            rows["layers.\(layer).padding"] = ReferenceRow(
                key: "layers.\(layer).padding",
                value: "a whole number from 0 to half the window", fallback: "0")
        }
        // The one default that is another setting's value.
        for course in ["linear", "exponential", "cosine"] {
            let key = "learningRate.\(course).steps"
            rows[key] = rows[key].map {
                ReferenceRow(key: key, value: $0.value, fallback: "the training's `steps`")
            }
        }
        for (group, names) in kinds {
            for name in names {
                rows["\(group).\(name)"] = ReferenceRow(
                    key: "\(group).\(name)", value: "a kind", fallback: "–")
            }
        }
        return rows
    }

    private static func unique(_ texts: [String]) -> [String] { Set(texts).sorted() }

    /// The key as the reference has it: the same for both networks, and without indices.
    private static func key(of path: [String]) -> String {
        var path = path
        for list in ["layers", "shortcut", "constraints", "transformations"] {
            while let place = path.dropLast().lastIndex(of: list), Int(path[place + 1]) != nil {
                let group = ["constraints": "constraint", "transformations": "transformation"]
                path = [group[list] ?? "layers"] + path[(place + 2)...]
            }
        }
        let courses = ScheduledNumber.configurationNames
        if let place = path.lastIndex(where: courses.contains),
            !["learningRate", "layers"].contains(path[0])
        {
            return (["number"] + path[place...]).joined(separator: ".")
        }
        if ["generator", "critic"].contains(path[0]), path.count > 1 {
            path = path.count > 2 ? Array(path[1...]) : ["generator", path[1]]
        }
        return path.filter { Int($0) == nil }.joined(separator: ".")
    }

    private static func descriptions() throws -> [SettingDescription] {
        let presets = try Presets.all.flatMap { try read($0.yaml) }
        let named = try parts.flatMap { part in
            try kinds.first { $0.group == part.group }!.names.flatMap { name in
                try read(smallYAML, ["\(part.place)={\(name): \(part.settings[name] ?? "{}")}"])
            }
        }
        let others = try (wholes + changing).flatMap { try read(smallYAML, $0) }
        let images = try (augmentations + [[]]).flatMap { try read(imagesYAML, $0) }
        return presets + others + named + images
    }

    /// What readers ask of a document, of a wrong one until they find it wrong.
    private static func read(
        _ yaml: String, _ overrides: [String] = []
    ) throws -> [SettingDescription] {
        let document = try ConfigurationDocument(
            yaml: yaml, file: "a.yaml", vocabulary: TrainingConfiguration.vocabulary)
        for override in overrides { try document.set(override) }
        _ = try? TrainingConfiguration(document)
        return document.descriptions
    }

    /// Numbers that change in every way.
    private static let courses = [
        "{linear: {from: 0.2, to: 0.1, samples: 1}}", "{cosine: {from: 0.2, to: 0.1, samples: 1}}",
        "{warmUp: {samples: 1, then: 0.2}}",
        "{warmUp: {samples: 1, then: {linear: {from: 0.2, to: 0.1, samples: 1}}}}",
    ]

    /// Ways to write an augmentation.
    private static let augmentations: [[String]] =
        courses.map { ["augmentation={transformations: [colour], probability: \($0)}"] }
        + [["augmentation=[colour]"]]

    /// Settings that may be such numbers.
    private static let changing: [[String]] = courses.flatMap { course -> [[String]] in
        let rate = "learningRate: \(course)"
        let optimisers = ["rmsprop", "sgd", "tensorFlowRMSprop"].map { "\($0): {\(rate)}" }
        let adams = ["adam", "adamW", "tensorFlowAdam"].map {
            "\($0): {\(rate), beta2: \(course)}"
        }
        let penalties = [
            "gradientPenalty: {coefficient: \(course)}", "dragan: {coefficient: \(course)}",
            "r1: {gamma: \(course)}", "r2: {gamma: \(course)}",
        ]
        return (optimisers + adams).map { ["critic.optimiser={\($0)}"] }
            + penalties.map { ["constraint={\($0)}"] }
            + [["averaging={halfLife: \(course), rampUp: 1}"]]
    }

    /// Overrides that make readers ask for what presets do not have.
    private static let wholes: [[String]] = [
        ["averaging={}"], ["condition={classes: 2}"], ["outputs.audit={every: 1}"],
        ["outputs.panels={every: 1}"], ["outputs.weights={every: 1}"],
        ["constraint={spectralProjection: {method: freshVector}}"],
        ["averaging={halfLife: 1}"],
        ["data={mixture: [{mean: [0, 1], scale: 1}]}"],
    ]

    /// Where kinds are tried, and what some of them need.
    private static let parts: [(group: String, place: String, settings: [String: String])] = [
        ("data", "data", ["idx": "{images: a.idx}"]),
        ("constraint", "constraint", ["combined": "[clipping]"]),
        (
            "optimiser", "critic.optimiser",
            ["adamW": "{learningRate: 1}", "tensorFlowAdam": "{learningRate: 1}"]
        ),
        ("initialisation", "critic.initialisation", [:]),
        ("schedule", "schedule", [:]),
        (
            "learningRate", "learningRate",
            ["exponential": "{factor: 0.5, steps: 1}", "constant": "{}"]
        ),
        ("objective", "objective", [:]), ("onNonFinite", "onNonFinite", [:]),
    ]

    /// A training on images with every kind of layer.
    private static let imagesYAML = """
        name: layers
        data: mnist
        batchSize: 2
        latent: {size: 2}
        condition: {classes: 10}
        generator:
          layers:
          - labelConcatenation: 1
          - linear: 98
          - reshape: {channels: 2, height: 7, width: 7}
          - batchNorm2d
          - instanceNorm2d
          - layerNorm
          - relu
          - leakyReLU
          - elu
          - selu
          - softplus
          - sigmoid
          - pixelNorm
          - groupSort
          - upsample
          - bilinearDownsample
          - residualUp: 8
          - selfAttention
          - invertedBottleneck: 2
          - convTranspose2d: {outputs: 1, kernel: 4, stride: 2, padding: 1}
          - residual: {layers: [tanh], shortcut: [tanh]}
          optimiser: {rmsprop: {learningRate: 5e-5}}
        critic:
          layers:
          - dropout
          - bilinearUpsample
          - branches: [{layers: [relu]}, {layers: [{maxPool2d: 1}]}]
          - avgPool2d: 2
          - residualDown: 1
          - minibatchStandardDeviation
          - conv2d: {outputs: 1, kernel: 1}
          - flatten
          - cones: 4
          - labelProjection
          optimiser: {rmsprop: {learningRate: 5e-5}}
        constraint: clipping
        augmentation:
          transformations: [brightness, saturation, contrast, translation, cutout, colour]
          probability: adaptive
        epochs: 1
        outputs: {samples: {everyEpochs: 1}, report: {}}

        """
}
