public import NeuralNetworks
import Philox
public import TensorGraph

/// One update of the generator as a program: fresh latents, their samples' scores, and a move that
/// raises them, or brings them up to those of a real batch where the objective compares pairs.
public struct GeneratorStep {
    static let (realInput, labelInput) = (CriticStep.realInput, CriticStep.labelInput)
    package static let loss = "generator loss"

    /// In place of real samples and scores. Made once: a mistake looks at the stack of calls.
    private static let missing = Tensor.invalid(
        "the generator's loss uses real scores; let comparesPairs be true")

    /// The program; its inputs are numbers that change over the training and, with an objective
    /// that compares pairs, `real`, and `labels` where there is a condition: the generated samples
    /// then have the real ones' labels.
    public let program: Program

    /// Traces the step; the optimiser's state and the averages are created in `store`.
    public init(
        _ setup: TrainingSetup, sampleShape: Shape, in store: inout ParameterStore
    ) throws {
        var pass = Self.pass()
        let latent = setup.latent.sample(setup.batchSize, stream: pass.takeStream())
        let real =
            setup.objective.comparesPairs
            ? Tensor.input(Self.realInput, Shape([setup.batchSize] + sampleShape.dimensions)) : nil
        if let condition = setup.condition {
            pass.labels =
                real == nil
                ? condition.sample(setup.batchSize, stream: pass.takeStream())
                : .input(Self.labelInput, [setup.batchSize])
        }
        let generated = setup.generator(latent, &pass)

        var context = ConstraintContext(
            store: store, streams: pass.streams, recordsUpdates: false)
        let shown = setup.augmented(generated, in: &context)
        let shownReal = real.map { setup.augmented($0, in: &context) }
        let weights = setup.constraint.replacements(
            for: store.trainable(in: "critic"), in: &context)
        store = context.store
        var criticPass = ForwardPass(
            .training, replacing: weights, streams: pass.streams, recordsUpdates: false)
        criticPass.labels = pass.labels
        let scores = setup.signs.upright(setup.critic(shown, &criticPass))
        let realScores = shownReal.map { setup.signs.upright(setup.critic($0, &criticPass)) }
        let loss = setup.objective.generatorLoss(
            real: ScoredSamples(
                samples: shownReal ?? Self.missing, scores: realScores ?? Self.missing),
            generated: ScoredSamples(samples: shown, scores: scores))

        let parameters = store.trainable(in: "generator")
        let slopes = gradients(of: loss, withRespectTo: parameters.map(\.variable.tensor))
        let step = setup.generatorOptimiser.step(
            parameters, gradients: slopes, factor: setup.learningRateFactor, scope: "generator",
            in: &store)
        let averages =
            setup.averaging?.updates(of: parameters, to: step.values, in: &store) ?? []
        let values = zip(parameters, step.values).map { ($0.variable, $1) }
        program = try Program(
            outputs: [(Self.loss, loss)],
            updates: values + step.updates + averages + pass.updates,
            precision: setup.precision
        ).divided(into: setup.shards, batches: [setup.batchSize])
    }

    /// The generator's pass of an update, with its random numbers.
    static func pass(recordsUpdates: Bool = true) -> ForwardPass {
        ForwardPass(
            .training, streams: RandomStreams(startingAt: ReservedStream.generatorStep),
            recordsUpdates: recordsUpdates)
    }
}
