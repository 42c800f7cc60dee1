public import NeuralNetworks
public import TensorGraph

/// One update of the critic as a program.
///
/// Fresh latents are turned into samples, real and generated ones are scored, and the critic moves
/// to make the difference of the mean scores larger; its constraint adds a penalty to the loss,
/// projects the new weights, or changes what the critic computes with. All samples that the critic
/// sees are augmented, where the training has an augmentation. Conditional networks are told
/// the real batch's labels, of generated samples too: see ``Condition``.
public struct CriticStep {
    package static let (realInput, labelInput) = ("real", "labels")
    package static let loss = "critic loss"
    static let difference = "score difference"
    static let realScore = "critic on real"
    static let generatedScore = "critic on generated"
    static let penalty = "penalty"
    static let (overfitting, probability) = ("overfitting", "augmentation probability")

    /// The program; its input `real` is a batch of samples, and `labels`, where there is a
    /// condition, their class numbers.
    public let program: Program

    /// Traces the step; the optimiser's and the constraint's state is created in `store`.
    ///
    /// - Parameters:
    ///   - setup: The training.
    ///   - sampleShape: The extents of one sample.
    ///   - hasPenalty: Whether the loss has the constraint's penalty, times
    ///     ``TrainingSetup/penaltyInterval``; false for the updates between those that have it.
    ///   - store: The training's parameters.
    public init(
        _ setup: TrainingSetup, sampleShape: Shape, hasPenalty: Bool = true,
        in store: inout ParameterStore
    ) throws {
        let real = Tensor.input(
            Self.realInput, Shape([setup.realBatchSize] + sampleShape.dimensions))
        let streams = RandomStreams(startingAt: 1)
        var generatorPass = ForwardPass(.training, streams: streams)
        let labels = setup.condition.map { _ in Tensor.input(Self.labelInput, [setup.realBatchSize])
        }
        generatorPass.labels = labels
        let latent = setup.latent.sample(setup.realBatchSize, stream: generatorPass.takeStream())
        let generated = setup.generator(latent, &generatorPass).stoppingGradient()
        try generated.require(real.shape)

        var context = ConstraintContext(store: store, streams: streams)
        let shownReal = setup.augmented(real, in: &context)
        let shownGenerated = setup.augmented(generated, in: &context)
        let parameters = store.trainable(in: "critic")
        let weights = setup.constraint.replacements(for: parameters, in: &context)
        var pass = ForwardPass(.training, replacing: weights, streams: streams)
        pass.labels = labels
        let scores = Self.scores(setup.critic, shownReal, shownGenerated, &pass)

        var unrecorded = pass
        unrecorded.recordsUpdates = false
        let penalty: Tensor =
            hasPenalty
            ? setup.constraint.penalty(
                critic: { setup.critic($0, &unrecorded) }, real: shownReal,
                generated: shownGenerated, in: &context) ?? 0 : 0
        let upright = (
            real: setup.signs.upright(scores.real),
            generated: setup.signs.upright(scores.generated)
        )
        let loss = setup.objective.criticLoss(
            real: ScoredSamples(samples: shownReal, scores: upright.real),
            generated: ScoredSamples(samples: shownGenerated, scores: upright.generated))
        let total = loss + Tensor(Double(setup.penaltyInterval)) * penalty

        let slopes = zip(
            parameters, gradients(of: total, withRespectTo: parameters.map(\.variable.tensor))
        ).map { setup.constraint.direction($1, of: $0, in: &context) }
        store = context.store
        let step = setup.criticOptimiser.step(
            parameters, gradients: slopes, factor: setup.learningRateFactor, scope: "critic",
            in: &store)
        context.store = store
        let projected = zip(parameters, step.values).map { parameter, value in
            (parameter.variable, setup.constraint.projected(value, of: parameter, in: &context))
        }
        store = context.store
        let difference = upright.real.mean() - upright.generated.mean()
        let judgement = setup.judgement(of: upright, in: &store)
        let outputs: [(name: String, tensor: Tensor)] = [
            (Self.loss, total), (Self.difference, difference), (Self.penalty, penalty),
            (Self.realScore, scores.real.mean()), (Self.generatedScore, scores.generated.mean()),
        ]
        program = try Program(
            outputs: outputs + judgement.outputs,
            updates: projected + step.updates + context.updates + generatorPass.updates
                + pass.updates + judgement.updates,
            precision: setup.precision
        ).divided(into: setup.shards, batches: [setup.realBatchSize])
    }

    /// The scores of the real and of the generated batch.
    ///
    /// Where each score depends on its own sample alone, both batches go through the critic as one,
    /// since larger batches are faster. Where a layer mixes the samples of a batch, as batch
    /// normalisation does, they go through one after the other. Which it is, is found out by a
    /// rehearsal, whose results are thrown away.
    private static func scores(
        _ critic: any Layer, _ real: Tensor, _ generated: Tensor, _ pass: inout ForwardPass
    ) -> (real: Tensor, generated: Tensor) {
        var rehearsal = pass.rehearsal
        _ = critic(real, &rehearsal)
        if rehearsal.mixesSamples { return (critic(real, &pass), critic(generated, &pass)) }
        let labels = pass.labels
        pass.labels = labels.map { .concatenated([$0, $0]) }
        let both = critic(.concatenated([real, generated]), &pass)
        pass.labels = labels
        let count = real.shape[0]
        return (both.sliced(axis: 0, 0..<count), both.sliced(axis: 0, count..<2 * count))
    }
}

extension TrainingSetup {
    /// What an augmentation is told of an update's scores: results of the program, and new values
    /// of its variables.
    fileprivate func judgement(
        of scores: (real: Tensor, generated: Tensor), in store: inout ParameterStore
    ) -> (outputs: [(name: String, tensor: Tensor)], updates: [VariableUpdate]) {
        guard let augmentation else { return ([], []) }
        let overfitting = overfitting(real: scores.real, generated: scores.generated)
        let outputs = [
            (name: CriticStep.overfitting, tensor: overfitting),
            (CriticStep.probability, augmentation.probability(in: &store)),
        ]
        guard case .adaptive(let adaptive) = augmentation.probability else { return (outputs, []) }
        return (
            outputs,
            adaptive.updates(overfitting: overfitting, batch: realBatchSize, in: &store)
        )
    }
}

extension Tensor {
    /// Throws unless the tensor, made by the generator, has the shape of the data.
    fileprivate func require(_ expected: Shape) throws {
        if let failure = node.failure { throw failure }
        guard shape != expected else { return }
        throw TrainingError.setting(
            "the generator makes batches of shape \(shape), the data has \(expected); "
                + "change its last layers")
    }
}
