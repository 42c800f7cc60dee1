import Datasets
import Files
import NeuralNetworks
import Philox
import TensorGraph

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
            freeCritic, steepLayer, shorteningLayer, boundedScores, unreachableData,
            unsettledStatistics,
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

    private var steepLayer: String? {
        guard has(OrthonormalWeights.self),
            let layer = steepLayers(of: setup.critic).lazy
                .compactMap({ $0 as? any ConfigurableLayer }).first
        else { return nil }
        return "the critic has a layer \(type(of: layer).configurationName), whose slope can be "
            + "more than 1: orthonormal weights then bound the critic's no more; remove it"
    }

    /// The layers whose own slope may be more than 1, whatever their weights are. Sums of branches
    /// are among them, whose parts alone would not be.
    private func steepLayers(of layer: any Layer) -> [any Layer] {
        switch layer {
        case is Sequential: layer.parts.flatMap { steepLayers(of: $0) }
        case let elu as ELU: elu.alpha <= 1 ? [] : [elu]
        case let rectifier as LeakyReLU: abs(rectifier.slope) <= 1 ? [] : [rectifier]
        case is Linear, is Conv2d, is ConvTranspose2d, is GroupSort, is Cones, is ReLU, is Tanh,
            is Sigmoid, is Softplus, is Flatten, is Reshape, is AvgPool2d:
            []
        default: [layer]
        }
    }

    private var shorteningLayer: String? {
        guard has(OrthonormalWeights.self),
            layers(in: [setup.critic]).contains(where: { $0 is ReLU || $0 is LeakyReLU })
        else { return nil }
        return "the critic has rectifiers between orthonormal weights: they shorten gradients, and "
            + "its estimate stays far below the distance; put groupSort in their place"
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

extension ConfigurationLinter {
    /// A last layer that cannot reach all of the data.
    var unreachableData: String? {
        guard let last = layers(in: [setup.generator]).last(where: { !$0.keepsRange }),
            let (name, range) = last.range
        else { return nil }
        let wanted = dataRange
        let slack = 1e-3 * (wanted.upperBound - wanted.lowerBound)
        guard
            wanted.lowerBound < range.lowerBound - slack
                || wanted.upperBound > range.upperBound + slack
        else { return nil }
        let shown = { (bound: Double) in "\((100 * bound).rounded() / 100)" }
        let isImage = setup.sampleShape.rank == 3
        return "the generator ends with \(name), whose values are "
            + (range.upperBound.isInfinite
                ? "\(shown(range.lowerBound)) or more"
                : "\(shown(range.lowerBound))…\(shown(range.upperBound))")
            + ", but the data's are \(shown(wanted.lowerBound))…\(shown(wanted.upperBound)): it "
            + "cannot make the rest; "
            + (isImage ? "end it with tanh" : "end it with a linear layer")
    }

    /// Running statistics that still hold much of what they began with when sampling uses them.
    var unsettledStatistics: String? {
        guard case .steps(let steps) = length else { return nil }
        let momenta = layers(in: [setup.generator]).compactMap { ($0 as? BatchNorm2d)?.momentum }
        guard let momentum = momenta.min(), momentum > 0 else { return nil }
        // Both networks' updates run the generator, and so move its statistics.
        let updates = setup.schedule.updates(beforeStep: steps)
        let needed = Int((Self.timeConstants / momentum).rounded(.up))
        guard updates.critic + updates.generator < needed else { return nil }
        return "the generator's batch normalisation will have seen "
            + counted(updates.critic + updates.generator, "batch", "batches")
            + " by the end, and its running statistics, which samples are made with, need "
            + "\(needed): samples will differ from those of training; give more steps, or a larger "
            + "momentum than \(momentum)"
    }

    /// After so many times 1/momentum updates nothing is left of a statistic's beginning.
    private static let timeConstants = 10.0

    /// Between which values nearly all numbers of the data are.
    private var dataRange: ClosedRange<Double> {
        guard let distribution = data.distribution else { return -1...1 }
        var random = RandomStream(seed: 0, stream: ReservedStream.data)
        let numbers = distribution.sample(1000, using: &random).sorted()
        let cut = numbers.count / 200
        return Double(numbers[cut])...Double(numbers[numbers.count - 1 - cut])
    }
}

extension Layer {
    /// The name of a layer whose results are bounded, and between which values they are.
    fileprivate var range: (name: String, values: ClosedRange<Double>)? {
        switch self {
        case is Tanh: ("tanh", -1...1)
        case is Sigmoid: ("sigmoid", 0...1)
        case is ReLU: ("relu", 0...Double.infinity)
        case is Softplus: ("softplus", 0...Double.infinity)
        case let layer as ELU: ("elu", -layer.alpha...Double.infinity)
        default: nil
        }
    }

    /// Whether the layer's results are between the same values as what it is given.
    fileprivate var keepsRange: Bool {
        self is Reshape || self is Flatten || self is Upsample || self is AvgPool2d
            || self is BilinearUpsample || self is BilinearDownsample
    }
}

extension ConfigurationLinter {
    /// Numbers that have not reached their last value when the training ends.
    var unfinishedSchedules: [String] {
        guard case .steps(let steps) = length else { return [] }
        let samples = setup.schedule.updates(beforeStep: steps).critic * setup.realBatchSize
        let bySamples = scheduledNumbers.compactMap { name, number in
            warning(name, number, reaches: samples, "sample")
        }
        let factor = warning("learningRate", setup.learningRate, reaches: steps, "step")
        return bySamples + [factor].compactMap { $0 }
    }

    private func warning(
        _ name: String, _ number: ScheduledNumber, reaches last: Int, _ unit: String
    ) -> String? {
        guard let end = number.end, end > last else { return nil }
        return "\(name) changes over \(counted(end, unit)), and the training has only "
            + "\(counted(last, unit)): it ends with \(number.value(at: last)) on the way; set the "
            + "schedule's \(unit)s lower"
    }

    /// All numbers that are functions of the samples shown, by their keys.
    private var scheduledNumbers: [(name: String, number: ScheduledNumber)] {
        var numbers: [(name: String, number: ScheduledNumber)] = []
        for (network, optimiser) in [
            ("generator", setup.generatorOptimiser), ("critic", setup.criticOptimiser),
        ] {
            for (name, number) in (optimiser as? any ConfigurableOptimiser)?.scheduledNumbers ?? []
            {
                numbers.append(("\(network).optimiser.\(name)", number))
            }
        }
        for penalty in constraints(setup.constraint).compactMap({ $0 as? GradientPenalty }) {
            numbers.append(("the penalty's coefficient", penalty.coefficient))
        }
        if case .scheduled(let number)? = setup.augmentation?.probability {
            numbers.append(("augmentation.probability", number))
        }
        if case .halfLife(let number, _)? = setup.averaging?.memory {
            numbers.append(("averaging.halfLife", number))
        }
        return numbers
    }
}
