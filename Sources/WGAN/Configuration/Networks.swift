import NeuralNetworks
import StrictYAML
import TensorGraph

/// The two networks of a configuration, tried on batches of the size that they will be trained
/// with.
struct Networks {
    let seed: UInt64
    let batchSize: Int
    let latent: Latent
    let condition: Condition?
    let generator: ConfiguredNetwork
    let critic: ConfiguredNetwork
    let generatorOptimiser: any ConfigurableOptimiser
    let criticOptimiser: any ConfigurableOptimiser
    let parameters: ParameterStore

    /// Reads `seed`, `batchSize`, `latent`, `condition`, `generator` and `critic`.
    ///
    /// - Parameter sampleShape: The extents of one sample of the data.
    init(
        reading root: ConfigurationSection, sampleShape: Shape
    ) throws(ConfigurationError) {
        seed = try root.value("seed", .seed, default: 0)
        batchSize = try root.value("batchSize", .integer(in: 1...1 << 20), default: 64)
        latent = try Latent(reading: root.section("latent"))
        condition = try root.optionalSection("condition").map(Condition.init(reading:))
        var store = ParameterStore()
        store.classes = condition?.classes
        let real = Shape([batchSize] + sampleShape.dimensions)
        let latents: Shape = [batchSize, latent.size]
        for batch in [real, latents] where !batch.isWithinLimits {
            throw root.invalid(
                "batchSize", "makes batches of \(batch), more than 2³¹ numbers; make it smaller")
        }
        (generator, generatorOptimiser) = try Self.network(
            "generator", of: root, input: latents, in: &store)
        guard generator.output == real else {
            throw ConfigurationError(
                location: generator.end,
                message: "the generator makes batches of \(generator.output) but the data has "
                    + "\(real); change the generator's last layers")
        }
        (critic, criticOptimiser) = try Self.network("critic", of: root, input: real, in: &store)
        guard [[batchSize], [batchSize, 1]].contains(critic.output) else {
            throw ConfigurationError(
                location: critic.end,
                message: "the critic makes \(critic.output) of a batch of \(real), not one score "
                    + "for each sample; end it with 'flatten' and 'linear: 1'")
        }
        parameters = store
        try checkCondition(root)
    }

    /// Refuses a network that would ignore its condition.
    private func checkCondition(_ root: ConfigurationSection) throws(ConfigurationError) {
        guard condition != nil else { return }
        for name in ["generator", "critic"]
        where !parameters.trainable(in: name).contains(where: { $0.role == .embeddingWeight }) {
            throw root.invalid(
                "condition",
                "has no effect on the \(name); give it a layer 'labelConcatenation'"
                    + (name == "critic" ? " or end it with 'labelProjection'" : ""))
        }
    }

    /// Reads one network, whose parameters are created in a scope of its name.
    private static func network(
        _ name: String, of root: ConfigurationSection, input: Shape,
        in store: inout ParameterStore
    ) throws(ConfigurationError) -> (ConfiguredNetwork, any ConfigurableOptimiser) {
        let section = try root.section(name)
        store.initialisation = try InitialisationCatalogue.read(
            section.tagged("initialisation", default: PyTorchInitialisation.configurationName))
        let network = try store.scoped(name) { (store) throws(ConfigurationError) in
            try ConfiguredNetwork(reading: "layers", of: section, input: input, in: &store)
        }
        guard !store.trainable(in: name).isEmpty else {
            throw section.invalid(
                "layers", "have nothing to learn; add a layer with weights, such as 'linear: 1'")
        }
        return (network, try OptimiserCatalogue.read(section.tagged("optimiser")))
    }
}

extension TrainingSetup {
    /// A training of `networks` with the settings of `root` that concern both.
    init(
        reading root: ConfigurationSection, networks: Networks
    ) throws(ConfigurationError) {
        self.init(
            latent: networks.latent, generator: Sequential(networks.generator.layers),
            critic: Sequential(networks.critic.layers), parameters: networks.parameters,
            constraint: try ConstraintCatalogue.read(root.tagged("constraint")),
            optimiser: networks.criticOptimiser, batchSize: networks.batchSize,
            seed: networks.seed)
        condition = networks.condition
        generatorOptimiser = networks.generatorOptimiser
        criticBatchSize = try root.optional("criticBatchSize", .integer(in: 1...1 << 20))
        if let size = criticBatchSize, size > networks.batchSize {
            throw root.invalid(
                "criticBatchSize",
                "is \(size), more than batchSize; give at most \(networks.batchSize)")
        }
        penaltyInterval = try root.value("penaltyInterval", .integer(in: 1...10_000), default: 1)
        guard penaltyInterval == 1 || constraint.hasPenalty else {
            throw root.invalid(
                "penaltyInterval",
                "is \(penaltyInterval), and the constraint has no penalty; remove it, or name "
                    + "another constraint")
        }
        precision = try root.value("precision", .oneOf(), default: .float32)
        shards = try root.value("shards", .integer(in: 1...1024), default: 1)
        for (key, size) in [("batchSize", batchSize), ("criticBatchSize", realBatchSize)]
        where !size.isMultiple(of: shards) {
            throw root.invalid(
                "shards", "is \(shards), which does not divide \(key), \(size); give a divisor")
        }
        schedule = try CriticSchedule(reading: root.tagged("schedule", default: "fixed"))
        learningRate = try ScheduledNumber(
            readingFactor: root.tagged("learningRate", default: "constant"),
            over: root.has("steps")
                ? try root.value("steps", .integer(in: TrainingLength.stepRange)) : nil)
        onNonFinite = try NonFiniteResponse(
            reading: root.tagged("onNonFinite", default: "stop"))
        if let averaging = try root.optionalSection("averaging") {
            self.averaging = try ExponentialMovingAverage(reading: averaging)
        }
        if let section = try root.optionalSectionOrList("augmentation") {
            augmentation = try Augmentation(reading: section)
            guard networks.generator.output.rank == 4 else {
                throw root.invalid(
                    "augmentation", "changes images, and this data has none; remove it")
            }
        }
        objective = try ObjectiveCatalogue.read(
            root.tagged("objective", default: WassersteinObjective.configurationName))
        signs = try root.value("signs", .oneOf(), default: .realScoresHigh)
        guard !objective.comparesPairs || criticBatchSize == nil else {
            throw root.invalid(
                "criticBatchSize",
                "must be absent with an objective that sets each generated sample against a real "
                    + "one; remove it")
        }
        for (key, isThere) in [
            ("condition", condition != nil), ("augmentation", augmentation != nil),
        ] where isThere && objective.matchesPairs {
            throw root.invalid(
                key,
                "must be absent with an objective that matches generated samples with real ones by "
                    + "their distance; remove it")
        }
    }
}

extension ExponentialMovingAverage {
    /// `averaging: {decay: 0.999}`, or `averaging: {halfLife: 10000, rampUp: 0.05}`.
    fileprivate init(reading section: ConfigurationSection) throws(ConfigurationError) {
        let key =
            try section.has("halfLife") ? section.onlyOne(of: ["halfLife", "decay"]) : "decay"
        guard key == "halfLife" else {
            self.init(decay: try section.value("decay", .number(in: 0..<1), default: 0.999))
            guard !section.has("rampUp") else {
                throw section.invalid(
                    "rampUp", "has no effect without a half-life; give 'halfLife' or remove it")
            }
            return
        }
        self.init(
            halfLife: try section.scheduledNumber("halfLife", in: .positive),
            rampUp: try section.optional("rampUp", .number(greaterThan: 0)))
    }
}

extension Shape {
    /// Whether a tensor may have the shape, whose extents come from files and may overflow.
    fileprivate var isWithinLimits: Bool {
        var count = 1
        for extent in dimensions {
            let (product, overflow) = count.multipliedReportingOverflow(by: extent)
            guard !overflow else { return false }
            count = product
        }
        return count <= LayerLimits.elements
    }
}
