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
/// The inner and the outer update are two programs, ``CriticStep`` and ``GeneratorStep``, traced
/// and compiled once. All random numbers are functions of the seed and of step numbers.
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
    public internal(set) var losses = StepLosses()

    /// The extents of one sample.
    public let sampleShape: Shape
    /// All parameters, the optimisers' and the constraint's state among them.
    public let parameters: ParameterStore
    package let device: any Device
    /// The data, for whoever reads it by a copy: the batches of updates come from the prefetcher
    /// where it is slow.
    package var data: any SampleSource
    private let prefetcher: Prefetcher?
    /// How long updates have waited for their batches, in all.
    public private(set) var dataTime = Duration.zero
    private let updates: Updates
    /// Where the objective matches pairs.
    private let matching: BatchMatching?
    private let variables: [Variable]
    let realBatch: UnsafeMutableBufferPointer<Float>
    private let labelBatch: UnsafeMutableBufferPointer<Float>?
    /// Whether the parameters are those of the step that is observed: not between the steps that a
    /// device carries out by one call.
    public internal(set) var hasStateOfStep = true
    /// The number of the batch that is there.
    private var batchNumber: Int?
    var sampler: Sampler?
    var auditor: CriticAuditor?

    /// Compiles the two steps and gives the parameters their initial values.
    ///
    /// - Throws: `GraphError` where the networks do not fit the data or each other;
    ///   ``TrainingError`` and `ParameterError` for settings that make no sense.
    public init(
        _ setup: TrainingSetup, data: any SampleSource, on device: any Device
    ) throws {
        try setup.check(classCount: data.classCount)
        var parameters = setup.parameters
        let critic = try CriticStep(setup, sampleShape: data.sampleShape, in: &parameters)
        let penaltyFree =
            try setup.penaltyInterval > 1
            ? CriticStep(
                setup, sampleShape: data.sampleShape, hasPenalty: false, in: &parameters) : nil
        let generator = try GeneratorStep(setup, sampleShape: data.sampleShape, in: &parameters)
        for (variable, values) in try setup.initialValues(of: parameters, on: device) {
            try device.set(variable, to: values)
        }
        matching = setup.objective.matchesPairs ? try BatchMatching(setup, on: device) : nil
        updates = try Updates(
            critic: critic.program, penaltyFree: penaltyFree?.program,
            generator: generator.program, setup, in: parameters, data, on: device)
        let hasLabels = critic.program.inputs.contains { $0.name == CriticStep.labelInput }
        (realBatch, labelBatch) = updates.batch(
            of: setup.realBatchSize * data.sampleShape.count,
            labels: hasLabels ? setup.realBatchSize : nil)
        prefetcher =
            data.isSlow && !updates.hasTable
            ? Prefetcher(data, size: setup.realBatchSize, hasLabels: hasLabels) : nil
        (self.setup, self.data, self.device) = (setup, data, device)
        (self.parameters, sampleShape) = (parameters, data.sampleShape)
        variables = parameters.parameters.map(\.variable)
    }

    /// Goes on to step number `end` and tells `observe` of every step.
    ///
    /// - Throws: As ``train(to:needingState:observe:)``.
    public func train(to end: Int, observe: (Trainer) throws -> Void = { _ in }) throws {
        try train(to: end, needingState: { _ in true }, observe: observe)
    }

    /// Goes on to step number `end` and tells `observe` of every step.
    ///
    /// - Parameters:
    ///   - end: The steps done at the end; nothing happens where as many are done already.
    ///   - needsState: Whether the parameters after a step are needed, and not its losses alone. A
    ///     device may carry out by one call the steps up to the next such one, whose losses
    ///     `observe` is then told of one after the other.
    ///   - observe: Called after each step.
    /// - Throws: ``TrainingError/nonFinite(step:quantity:)`` when a loss is not a finite number, or
    ///   a variable is found to hold one, of which each step or call looks at another; and whatever
    ///   `observe` throws, which ends the training after the step.
    public func train(
        to end: Int, needingState needsState: (_ step: Int) -> Bool,
        observe: (Trainer) throws -> Void
    ) throws {
        if case .lists(let list) = updates {
            while step < end {
                let stop = (step + 1..<end).first(where: needsState) ?? end
                try advance(by: list, to: stop, observe)
                try inspect(list.calls)
            }
            return
        }
        while step < end {
            let turns = setup.schedule.updates(inStep: step)
            for _ in 0..<turns.critic { try updateCritic() }
            for _ in 0..<turns.generator { try updateGenerator() }
            step += 1
            losses.step = step
            try inspect(step)
            try observe(self)
        }
    }

    /// One ascent of the critic towards the dual form's maximum, then the constraint.
    func updateCritic() throws {
        let hasPenalty = setup.hasPenalty(inUpdate: criticUpdates)
        switch updates {
        case .each(let programs):
            fillBatch(criticUpdates)
            let update = programs.critic(hasPenalty: hasPenalty)
            if !hasPenalty { shareBatch(update.executable.input) }
            try update.run(criticUpdates, at: progress)
            criticUpdates += 1
            try noteCritic(of: step, hasPenalty: hasPenalty, update.executable.scalar)
        case .lists(let list):
            plan(.critic, inStep: step, on: list)
            try carryOut(list)
        }
    }

    /// One descent of the generator on the critic's estimate, or on what its objective has instead.
    func updateGenerator() throws {
        switch updates {
        case .each(let programs):
            let update = programs.generator
            try fillPairs(of: update.executable)
            try update.run(generatorUpdates, at: progress)
            generatorUpdates += 1
            try noteGenerator(of: step, update.executable.scalar)
        case .lists(let list):
            plan(.generator, inStep: step, on: list)
            try carryOut(list)
        }
    }

    /// Notes what an update of the critic gave.
    func noteCritic(of step: Int, hasPenalty: Bool, _ number: (String) -> Float) throws {
        losses.criticLoss = Double(number(CriticStep.loss))
        losses.scoreDifference = Double(number(CriticStep.difference))
        losses.criticOnReal = Double(number(CriticStep.realScore))
        losses.criticOnGenerated = Double(number(CriticStep.generatedScore))
        if hasPenalty { losses.penalty = Double(number(CriticStep.penalty)) }
        if setup.augmentation != nil {
            losses.overfitting = Double(number(CriticStep.overfitting))
            losses.augmentationProbability = Double(number(CriticStep.probability))
        }
        try check(losses.criticLoss, "the critic's loss", step)
    }

    /// Notes what an update of the generator gave.
    func noteGenerator(of step: Int, _ number: (String) -> Float) throws {
        losses.generatorLoss = Double(number(GeneratorStep.loss))
        try check(losses.generatorLoss, "the generator's loss", step)
    }

    /// How far the training is.
    var progress: TrainingProgress {
        setup.progress(
            step: step, criticUpdates: criticUpdates, generatorUpdates: generatorUpdates,
            reductions: reductions)
    }

    /// Fills the real batch, and its labels, with those of a number.
    func fillBatch(_ number: Int) {
        guard batchNumber != number else { return }
        let batch = Batch(samples: realBatch, labels: labelBatch)
        waitingForData {
            if let prefetcher {
                prefetcher.fill(batch, number: number)
            } else {
                data.fill(batch, number: number)
            }
        }
        batchNumber = number
    }

    /// Does what ``dataTime`` measures.
    func waitingForData(_ body: () -> Void) {
        let start = ContinuousClock.now
        body()
        dataTime += .now - start
    }

    /// Gives the generator's program, where its objective compares pairs, the real batch of the
    /// critic's last update.
    func fillPairs(of executable: any Executable) throws {
        guard setup.objective.comparesPairs else { return }
        fillBatch(max(criticUpdates - 1, 0))
        shareBatch(executable.input)
        try matching?.order(
            executable.input(CriticStep.realInput), forUpdate: generatorUpdates)
    }

    /// Copies the batch that is there to another program's inputs.
    func shareBatch(_ input: (_ name: String) -> UnsafeMutableBufferPointer<Float>) {
        _ = input(CriticStep.realInput).update(fromContentsOf: realBatch)
        guard let labelBatch else { return }
        _ = input(CriticStep.labelInput).update(fromContentsOf: labelBatch)
    }

    /// Checks one variable a step or call, all in turn, which costs next to nothing.
    ///
    /// A gradient can be infinite or undefined in a step whose losses are finite. The optimiser's
    /// averages then stay so, and are found here at the latest after as many looks as there are
    /// variables.
    ///
    /// - Parameter number: The step's, or the call's: calls of as many steps each could pass over
    ///   some variables for ever.
    private func inspect(_ number: Int) throws {
        let variable = variables[number % variables.count]
        guard device.isFinite(variable) else {
            throw TrainingError.nonFinite(step: step, quantity: variable.name)
        }
    }

    private func check(_ loss: Double, _ name: String, _ step: Int) throws {
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
        setup.objective.estimatesWasserstein ? losses.scoreDifference : nil
    }
}

/// The losses of a step; what the step did not compute is as it was.
public struct StepLosses: Hashable, Sendable {
    /// Steps done, this one among them.
    public var step = 0
    /// What the critic minimised, the penalty included. Where ``TrainingSetup/penaltyInterval`` is
    /// n > 1, that is n times the penalty in every n-th update and none in the others.
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
    /// The constraint's penalty with its coefficient as last computed; zero where the constraint
    /// has none.
    public var penalty = Double.nan
    /// How sure the critic is of the real batch, −1…1; zero where there is no augmentation.
    ///
    /// It is the share of real scores above a dividing score, minus the share below it, once the
    /// signs are the paper's. The dividing score is zero where ``Objective/dividesAtZero`` is true,
    /// else the half-way point between the mean real and the mean generated score.
    public var overfitting = 0.0
    /// The probability of the update's augmentation; zero where there is none.
    public var augmentationProbability = 0.0

    /// Losses of which nothing is known yet.
    public init() {}

    /// What the difference of scores is called where it is an estimate.
    package static let estimateName = "wassersteinEstimate"

    /// What it is called where it is none.
    package static let differenceName = "scoreDifference"

    /// The names that a training's records give to the first of ``values``, those that it records.
    package static func recordedNames(of setup: TrainingSetup) -> [String] {
        let recorded = setup.augmentation == nil ? quantities.dropLast(2) : quantities[...]
        return recorded.map { $0.name == estimateName ? setup.objective.differenceName : $0.name }
    }

    /// All quantities with the names that saved states have; the last two are about an
    /// augmentation.
    package static let quantities:
        [(name: String, value: any WritableKeyPath<StepLosses, Double> & Sendable)] = [
            ("criticLoss", \.criticLoss), ("generatorLoss", \.generatorLoss),
            (estimateName, \.scoreDifference), ("criticOnReal", \.criticOnReal),
            ("criticOnGenerated", \.criticOnGenerated), ("penalty", \.penalty),
            ("overfitting", \.overfitting),
            ("augmentationProbability", \.augmentationProbability),
        ]

    /// The values of ``quantities``, which key paths would take several times as long to read.
    package var values: [Double] {
        [
            criticLoss, generatorLoss, scoreDifference, criticOnReal, criticOnGenerated, penalty,
            overfitting, augmentationProbability,
        ]
    }
}

/// A training that cannot begin or go on.
public enum TrainingError: Error, Hashable, Sendable, CustomStringConvertible {
    /// A quantity became infinite or undefined at a step.
    case nonFinite(step: Int, quantity: String)
    /// A setting is out of its range.
    case setting(String)

    /// What is wrong and what to do, as clauses without a full stop.
    public var description: String {
        switch self {
        case .nonFinite(let step, let quantity):
            "\(quantity) is not a finite number at step \(step); lower the learning rate, "
                + "or bound the critic more tightly"
        case .setting(let message): message
        }
    }
}
