import NeuralNetworks
import StrictYAML

/// Finds settings that are allowed but will probably disappoint.
struct ConfigurationLinter {
    let setup: TrainingSetup
    let outputs: OutputConfiguration
    let length: TrainingLength
    let data: any DataConfiguration

    /// One sentence for each finding: what, why, and what to do.
    var warnings: [String] {
        [
            batchStatisticsUnderPenalty, eluUnderPenalty, momentumWithClipping, kernelsAlone,
            freeCritic, boundedScores, unreachableData, unsettledStatistics,
        ].compactMap { $0 } + unfinishedSchedules + unreachedOutputs
    }

    private var batchStatisticsUnderPenalty: String? {
        let criticParameters = setup.parameters.parameters(in: "critic")
        guard has(GradientPenalty.self), criticParameters.contains(where: isStatistic) else {
            return nil
        }
        return
            "the critic has batch normalisation under a gradient penalty: each score then depends "
            + "on the whole batch, and the penalty no longer measures the slope at one sample; "
            + "use layerNorm or no normalisation"
    }

    private var eluUnderPenalty: String? {
        guard has(GradientPenalty.self), layers(in: [setup.critic]).contains(where: { $0 is ELU })
        else {
            return nil
        }
        return "the critic has elu layers under a gradient penalty, which failed in the penalty's "
            + "own paper; use relu or leakyReLU"
    }

    private var momentumWithClipping: String? {
        let optimiser = setup.criticOptimiser as? any ConfigurableOptimiser
        guard has(WeightClipping.self), optimiser?.hasMomentum == true else { return nil }
        return "the critic's optimiser has momentum with weight clipping: its steps go on against "
            + "the bound, and training becomes unstable; set beta1 or momentum to 0, or use rmsprop"
    }

    private var kernelsAlone: String? {
        let clips = constraints(setup.constraint).compactMap { $0 as? WeightClipping }
        let hasKernels = setup.parameters.trainable(in: "critic").contains(
            where: \.isConvolutionKernel)
        guard clips.contains(where: \.onlyConvolutionKernels), !hasKernels else { return nil }
        return "the clipping of convolution kernels alone has no effect, as the critic has none; "
            + "set onlyConvolutionKernels to false"
    }

    private var freeCritic: String? {
        guard constraints(setup.constraint).isEmpty, setup.objective.estimatesWasserstein else {
            return nil
        }
        return "no constraint bounds the critic's slope: its scores will grow without end and "
            + "estimate no distance; name a constraint"
    }

    private var boundedScores: String? {
        guard let last = layers(in: [setup.critic]).last, last is Sigmoid || last is Tanh else {
            return nil
        }
        return "the critic ends with \(last is Sigmoid ? "sigmoid" : "tanh"), which bounds its "
            + "scores and lets their slope vanish; end it with a linear layer"
    }

    private var unreachedOutputs: [String] {
        guard case .steps(let steps) = length else { return [] }
        let periods = [
            ("frames", outputs.frames?.every), ("samples", outputs.samples?.interval.steps),
            ("panels", outputs.panels?.interval.steps), ("weights", outputs.weights?.steps),
            ("metrics", outputs.metricsEvery),
        ]
        return periods.compactMap { name, every in
            guard let every, every > steps else { return nil }
            return "outputs.\(name).every is \(every), and the training has only "
                + "\(counted(steps, "step")): none will be made on the way; set it lower"
        }
    }

    private func isStatistic(_ parameter: Parameter) -> Bool { parameter.role == .runningMean }

    private func has<Kind: LipschitzConstraint>(_ kind: Kind.Type) -> Bool {
        constraints(setup.constraint).contains { $0 is Kind }
    }

    /// The constraints that act, those within a combination apart.
    func constraints(
        _ constraint: any LipschitzConstraint
    ) -> [any LipschitzConstraint] {
        guard let combined = constraint as? CombinedConstraint else { return [constraint] }
        return combined.constraints.flatMap { constraints($0) }
    }

    /// The layers, those that are made of others replaced by them.
    func layers(in layers: [any Layer]) -> [any Layer] {
        layers.flatMap { layer in layer.parts.isEmpty ? [layer] : self.layers(in: layer.parts) }
    }
}
