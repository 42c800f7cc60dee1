import StrictYAML

/// A configuration as the project's own readers would read it, used by several suites.
struct Sample: Equatable {
    enum Mode: String, CaseIterable { case fast, exact }

    static let vocabulary = Vocabulary(
        taggedKeys: ["optimiser", "constraint", "layers", "data"],
        synonyms: [
            "learningRate": "lr", "beta1": "betas", "beta2": "betas", "bound": "clipvalue",
            "size": "zdim", "epochs": "nepochs numepochs",
        ],
        places: ["ncritic diters": "schedule.fixed.iterations"])

    static let yaml = """
        # A sample with every kind of value.
        name: 'grid: 25'
        seed: 7
        mode: exact
        data: mnist
        critic:
          iterations: 5
          clip: .5
          optimiser:
            adam: {learningRate: 1e-4, nesterov: false}
          constraint: clipping
        generator:
          layers:
            - linear: 100
            - relu
            - reshape: [128, 7, 7]
            - linear: {outputs: 1e3}
        note: ~

        """

    var name = ""
    var seed = 0
    var mode = Mode.fast
    var data = ""
    var iterations = 0
    var clip = 0.0
    var optimiser = ""
    var constraint = ""
    var layers: [String] = []
    var note: String?

    init(_ document: ConfigurationDocument) throws(ConfigurationError) {
        let root = document.root
        name = try root.value("name", .text)
        seed = try root.value("seed", .integer(minimum: 0), default: 0)
        mode = try root.value("mode", .oneOf(), default: .fast)
        data = try root.tagged("data", default: "moons").kind
        let critic = try root.section("critic")
        iterations = try critic.value("iterations", .integer(in: 1...100), default: 1)
        clip = try critic.value("clip", .number(greaterThan: 0), default: 0.01)
        optimiser = try Self.optimiser(critic.tagged("optimiser", default: "adam"))
        constraint = try Self.constraint(critic.tagged("constraint"))
        for layer in try root.section("generator").taggedList("layers") {
            layers.append(try Self.layer(layer))
        }
        note = try root.optional("note", .text)
        try document.finish()
    }

    private static func optimiser(
        _ tagged: TaggedSection
    ) throws(ConfigurationError) -> String {
        let section = tagged.section
        switch tagged.kind {
        case "adam":
            let rate = try section.value("learningRate", .number(greaterThan: 0), default: 1e-3)
            let beta = try section.value("beta1", .number(in: 0..<1), default: 0.5)
            return "adam \(rate) \(beta) \(try section.value("nesterov", .boolean, default: false))"
        case "sgd": return "sgd \(try section.value("learningRate", .number(in: 0...10)))"
        default: throw section.unknownKind(tagged.kind, known: ["adam", "sgd"])
        }
    }

    private static func constraint(
        _ tagged: TaggedSection
    ) throws(ConfigurationError) -> String {
        switch tagged.kind {
        case "clipping":
            "clipping \(try tagged.section.value("bound", .number(greaterThan: 0), default: 0.01))"
        case "penalty": "penalty \(try tagged.section.value("coefficient", .number(), default: 10))"
        default: throw tagged.section.unknownKind(tagged.kind, known: ["clipping", "penalty"])
        }
    }

    private static func layer(_ tagged: TaggedSection) throws(ConfigurationError) -> String {
        let section = tagged.section
        switch tagged.kind {
        case "linear":
            section.shorthand(for: "outputs")
            let outputs = try section.value("outputs", .integer(minimum: 1))
            return "linear \(outputs) \(try section.value("bias", .boolean, default: true))"
        case "reshape":
            section.shorthand(for: "shape")
            return "reshape \(try section.value("shape", .list(of: .integer(minimum: 1))))"
        case "relu": return "relu"
        default: throw section.unknownKind(tagged.kind, known: ["linear", "relu", "reshape"])
        }
    }
}

/// A document that errors call `run.yaml`.
func document(
    _ yaml: String, _ overrides: String...
) throws(ConfigurationError) -> ConfigurationDocument {
    let document = try ConfigurationDocument(
        yaml: yaml, file: "run.yaml", vocabulary: Sample.vocabulary)
    for override in overrides { try document.set(override) }
    return document
}

/// The whole text of the error that reading a document ends in, or "no error".
func errorText(
    _ yaml: String, _ overrides: String..., read: (ConfigurationSection) throws -> Void = { _ in }
) -> String {
    do {
        let document = try document(yaml)
        for override in overrides { try document.set(override) }
        try read(document.root)
        return "no error"
    } catch {
        return "\(error)"
    }
}
