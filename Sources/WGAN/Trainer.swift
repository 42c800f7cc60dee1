public import NeuralNetworks
public import TensorGraph

/// Trains a Wasserstein GAN: algorithm 1 of Arjovsky et al. 2017 (arXiv:1701.07875), with weight
/// clipping or any other ``LipschitzConstraint`` in its place.
///
/// ```text
/// while θ has not converged
///     for t = 1 … n_critic
///         sample real x and latents z
///         w ← w + α · RMSProp(w, ∇w [ mean f_w(x) − mean f_w(g_θ(z)) ])
///         w ← clip(w, −c, c)
///     sample latents z
///     θ ← θ − α · RMSProp(θ, −∇θ mean f_w(g_θ(z)))
/// ```
///
/// The inner and the outer update are two programs, ``CriticStep`` and ``GeneratorStep``, traced and
/// compiled once. All random numbers are functions of the seed and of step numbers.
public final class Trainer {
    /// What is trained, and how.
    public let setup: TrainingSetup
    /// Steps done.
    public internal(set) var step = 0
    /// Updates of the critic done.
    public internal(set) var criticUpdates = 0
    /// Updates of the generator done.
    public internal(set) var generatorUpdates = 0
    /// How often the learning rate was reduced after a number that was not finite.
    package var reductions = 0
    /// The losses of the last step.
    public internal(set) var report = StepReport()

    /// The extents of one sample.
    public let sampleShape: Shape
    /// All parameters, the optimisers' and the constraint's state among them.
    public let parameters: ParameterStore
    let device: any Device
    var data: any SampleSource
    private let criticStep: any Executable
    private let generatorStep: any Executable
    private let variables: [Variable]
    let realBatch: UnsafeMutableBufferPointer<Float>
    private let labelBatch: UnsafeMutableBufferPointer<Float>?
    /// The number of the batch that is there.
    private var batchNumber: Int?
    var labels: BatchLabels?
    var sampler: Sampler?
    var auditor: CriticAuditor?

    /// Compiles the two steps and gives the parameters their initial values.
    ///
    /// - Throws: ``GraphError`` where the networks do not fit the data or each other;
    ///   ``TrainingError`` and ``ParameterError`` for settings that make no sense.
    public init(
        _ setup: TrainingSetup, data: any SampleSource, on device: any Device
    ) throws {
        try setup.check(labels: data.labels)
        var parameters = setup.parameters
        let critic = try CriticStep(setup, sampleShape: data.sampleShape, in: &parameters)
        let generator = try GeneratorStep(setup, sampleShape: data.sampleShape, in: &parameters)
        for (variable, values) in try parameters.initialValues(seed: setup.seed) {
            try device.set(variable, to: values)
        }
        criticStep = try device.compile(critic.program)
        generatorStep = try device.compile(generator.program)
        realBatch = criticStep.input(CriticStep.realInput)
        labelBatch =
            critic.program.inputs.contains { $0.name == CriticStep.labelInput }
            ? criticStep.input(CriticStep.labelInput) : nil
        labels = data.labels
        (self.setup, self.data, self.device) = (setup, data, device)
        (self.parameters, sampleShape) = (parameters, data.sampleShape)
        variables = parameters.parameters.map(\.variable)
    }

    /// Goes on to step number `end` and tells `observe` of every step.
    ///
    /// - Throws: ``TrainingError/nonFinite(step:quantity:)`` when a loss is not a finite number, or
    ///   a variable is found to hold one, of which each step looks at another; and whatever `observe` throws, which ends the training after the step.
    public func train(to end: Int, observe: (Trainer) throws -> Void = { _ in }) throws {
        while step < end {
            let turns = setup.schedule.updates(inStep: step)
            for _ in 0..<turns.critic { try updateCritic() }
            for _ in 0..<turns.generator { try updateGenerator() }
            step += 1
            report.step = step
            try inspect()
            try observe(self)
        }
    }

    /// One ascent of the critic towards the dual form's maximum, then the constraint.
    func updateCritic() throws {
        fillBatch(criticUpdates)
        setLearningRate(of: criticStep)
        try criticStep.run(RandomClock(seed: setup.seed, step: UInt64(criticUpdates)))
        criticUpdates += 1
        report.criticLoss = Double(criticStep.scalar(CriticStep.loss))
        report.scoreDifference = Double(criticStep.scalar(CriticStep.difference))
        report.criticOnReal = Double(criticStep.scalar(CriticStep.realScore))
        report.criticOnGenerated = Double(criticStep.scalar(CriticStep.generatedScore))
        report.penalty = Double(criticStep.scalar(CriticStep.penalty))
        try check(report.criticLoss, "the critic's loss")
    }

    /// One descent of the generator on the critic's estimate, or on what its objective has instead.
    func updateGenerator() throws {
        fillPairs(of: generatorStep)
        setLearningRate(of: generatorStep)
        try generatorStep.run(RandomClock(seed: setup.seed, step: UInt64(generatorUpdates)))
        generatorUpdates += 1
        report.generatorLoss = Double(generatorStep.scalar(GeneratorStep.loss))
        try check(report.generatorLoss, "the generator's loss")
    }

    /// Fills the real batch, and its labels, with those of number `batch`.
    private func fillBatch(_ batch: Int) {
        guard batchNumber != batch else { return }
        data.fill(realBatch, batch: batch, seed: setup.seed)
        if let labelBatch { labels?.fill(labelBatch, batch: batch) }
        batchNumber = batch
    }

    /// Gives the generator's program, where its objective compares pairs, the real batch of the
    /// critic's last update.
    func fillPairs(of executable: any Executable) {
        guard setup.objective.comparesPairs else { return }
        fillBatch(max(criticUpdates - 1, 0))
        _ = executable.input(GeneratorStep.realInput).update(from: realBatch)
        guard let labelBatch else { return }
        _ = executable.input(GeneratorStep.labelInput).update(from: labelBatch)
    }

    func setLearningRate(of executable: any Executable) {
        guard setup.hasLearningRateInput else { return }
        executable.input(TrainingSetup.learningRateInput)[0] = Float(
            setup.learningRate.factor(at: step) * setup.onNonFinite.factor(after: reductions))
    }

    /// Looks for gradients that were not finite while the losses are: what optimisers keep of them
    /// stays so. All variables in turn, one a step, which costs next to nothing.
    private func inspect() throws {
        let variable = variables[step % variables.count]
        guard device.isFinite(variable) else {
            throw TrainingError.nonFinite(step: step, quantity: variable.name)
        }
    }

    private func check(_ loss: Double, _ name: String) throws {
        guard loss.isFinite else {
            throw TrainingError.nonFinite(step: step + 1, quantity: name)
        }
    }
}

extension Trainer {
    /// The critic's estimate of the Wasserstein distance at its last update, the penalty excluded:
    /// positive once it tells real from generated samples, in either convention of signs.
    ///
    /// It is the distance times the critic's slope, and below it as long as the critic can improve.
    /// Nil where the objective estimates none.
    public var wassersteinEstimate: Double? {
        setup.objective.estimatesWasserstein ? report.scoreDifference : nil
    }
}

/// The losses of a step; what the step did not compute is as it was.
public struct StepReport: Hashable, Sendable {
    /// Steps done, this one among them.
    public var step = 0
    /// What the critic minimised, the penalty included.
    public var criticLoss = Double.nan
    /// What the generator minimised. It says little: the critic's zero is arbitrary.
    public var generatorLoss = Double.nan
    /// The mean score of real minus that of generated samples, in the paper's signs; see
    /// ``Trainer/wassersteinEstimate``.
    public var scoreDifference = Double.nan
    /// The mean score of the real batch.
    public var criticOnReal = Double.nan
    /// The mean score of the generated batch.
    public var criticOnGenerated = Double.nan
    /// The constraint's penalty with its coefficient; zero where the constraint has none.
    public var penalty = Double.nan

    /// A report of which nothing is known yet.
    public init() {}

    /// What the difference of scores is called where it is an estimate.
    package static let estimateName = "wassersteinEstimate"

    /// What it is called where it is none.
    package static let differenceName = "scoreDifference"

    /// The names of ``values`` in records of a training for `objective`.
    package static func names(for objective: any Objective) -> [String] {
        quantities.map { $0.name == estimateName ? objective.differenceName : $0.name }
    }

    /// All quantities with the names that saved states have.
    package static let quantities:
        [(name: String, value: any WritableKeyPath<StepReport, Double> & Sendable)] = [
            ("criticLoss", \.criticLoss), ("generatorLoss", \.generatorLoss),
            (estimateName, \.scoreDifference), ("criticOnReal", \.criticOnReal),
            ("criticOnGenerated", \.criticOnGenerated), ("penalty", \.penalty),
        ]

    /// The values of ``quantities``, which key paths would take several times as long to read.
    package var values: [Double] {
        [
            criticLoss, generatorLoss, scoreDifference, criticOnReal, criticOnGenerated, penalty,
        ]
    }
}

/// A training that cannot begin or go on.
public enum TrainingError: Error, Hashable, Sendable, CustomStringConvertible {
    /// A quantity became infinite or undefined at a step.
    case nonFinite(step: Int, quantity: String)
    /// A setting is out of its range.
    case setting(String)

    public var description: String {
        switch self {
        case .nonFinite(let step, let quantity):
            "\(quantity) is not a finite number at step \(step); lower the learning rate, "
                + "or bound the critic more tightly"
        case .setting(let message): message
        }
    }
}
