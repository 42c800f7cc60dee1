import Foundation
import NeuralNetworks
import OptimalTransport
public import TensorGraph

/// Examines the critic of a training as it is at any time.
///
/// The critic counts as a function of one sample: batch normalisation uses its running statistics
/// and dropout does nothing. Weights are those that it computes with, after reparametrisation.
public final class CriticAuditor {
    /// Samples of each kind in an audit.
    public let sampleCount: Int
    /// Whether the norms of convolutions are found.
    public let measuresConvolutions: Bool
    private let setup: TrainingSetup
    private let sampleShape: Shape
    private let device: any Device
    private let executable: any Executable
    private let layers: [String]
    private let convolutions: ConvolutionNorms?
    private static let (real, generated, norms) = ("real", "generated", "gradient norms")
    private static let (realScores, generatedScores) = ("real scores", "generated scores")

    /// Compiles the examination; the networks' parameters must have values on the device.
    ///
    /// - Parameters:
    ///   - setup: The training whose critic it is.
    ///   - sampleShape: The extents of one sample.
    ///   - sampleCount: At least 2.
    ///   - measuresConvolutions: Whether the norms of convolutions are found, or those of their
    ///     kernels' matrices given in their place, which takes less time.
    ///   - device: Where the critic's parameters have their values.
    /// - Throws: ``TrainingError`` for fewer samples, and for a conditional critic, whose estimate
    ///   is the mean of one distance for each class; what compiling throws.
    public init(
        _ setup: TrainingSetup, sampleShape: Shape, sampleCount: Int,
        measuresConvolutions: Bool = true, on device: any Device
    ) throws {
        guard sampleCount >= 2 else {
            throw TrainingError.setting("an audit needs samples; give it at least 2 of each kind")
        }
        guard setup.condition == nil else {
            throw TrainingError.setting(
                "a conditional critic cannot be audited: it estimates a distance for each class")
        }
        (self.setup, self.sampleShape, self.device) = (setup, sampleShape, device)
        (self.sampleCount, self.measuresConvolutions) = (sampleCount, measuresConvolutions)
        let batch = Shape([sampleCount] + sampleShape.dimensions)
        let (real, generated) = (
            Tensor.input(Self.real, batch), Tensor.input(Self.generated, batch)
        )
        let parameters = setup.parameters.trainable(in: "critic")
        let (weights, context) = try setup.criticWeights(on: device)
        let fresh = ForwardPass(.inference, replacing: weights)
        let score = { (samples: Tensor) in
            var pass = fresh
            return setup.critic(samples, &pass).reshaped([sampleCount])
        }
        var pass = fresh
        let realScores = setup.critic(real, &pass).reshaped([sampleCount])
        convolutions = measuresConvolutions ? try ConvolutionNorms(pass, on: device) : nil
        let mixing = Tensor.randomUniform([sampleCount], stream: context.streams.take())
        let points = GradientPenalty.interpolates(real, generated, mixing: mixing)
        let slopes = GradientPenalty.squaredSlopes(of: score, at: points).sqrt()
        let maps = parameters.filter(\.isLinearMap)
        layers = maps.map(\.name)
        let measured = Set(convolutions?.kernels ?? [])
        let spectral = maps.filter { !measured.contains($0.name) }.map { parameter in
            let value = weights[parameter.variable] ?? parameter.tensor
            return (parameter.name, SpectralNorm.exact(parameter.matrix(of: value)))
        }
        executable = try device.compile(
            Program(
                outputs: [
                    (Self.realScores, realScores), (Self.generatedScores, score(generated)),
                    (Self.norms, slopes),
                ] + spectral))
    }

    /// Examines the critic on given samples.
    ///
    /// - Parameters:
    ///   - real: ``sampleCount`` real samples in row-major order.
    ///   - generated: As many generated ones.
    ///   - otherReal: As many further real ones.
    ///   - otherGenerated: As many further generated ones, for a ``Yardstick``; nil for none.
    ///   - seed: Selects the points between the samples.
    /// - Throws: ``TrainingError`` where a score or gradient is not finite; a `TransportError` for
    ///   samples that are not.
    public func audit(
        real: [Float], generated: [Float], otherReal: [Float], otherGenerated: [Float]? = nil,
        seed: UInt64
    ) throws -> CriticAudit {
        let size = sampleCount * sampleShape.count
        precondition(
            [real, generated, otherReal, otherGenerated ?? real].allSatisfy { $0.count == size },
            "an audit of \(sampleCount) samples takes as many of each kind")
        _ = executable.input(Self.real).update(fromContentsOf: real)
        _ = executable.input(Self.generated).update(fromContentsOf: generated)
        try executable.run(RandomClock(seed: seed))
        let sign: Double = setup.signs == .realScoresHigh ? 1 : -1
        let norms = executable.output(Self.norms).map(Double.init)
        let scores = [Self.realScores, Self.generatedScores].map { name in
            executable.output(name).map { sign * Double($0) }
        }
        guard (norms + scores[0] + scores[1]).allSatisfy(\.isFinite) else {
            throw TrainingError.setting(
                "the critic's scores or slopes are not finite numbers; its training has failed")
        }
        let measures = try [real, generated, otherReal].map {
            try DiscreteMeasure($0, dimensions: sampleShape.count)
        }
        let duality = try KantorovichRubinstein(
            real: measures[0], generated: measures[1], realScores: scores[0],
            generatedScores: scores[1])
        let yardstick = try otherGenerated.map {
            try Yardstick(
                real: measures[0], generated: measures[1], otherReal: measures[2],
                otherGenerated: DiscreteMeasure($0, dimensions: sampleShape.count),
                realScores: scores[0])
        }
        let convolutionNorms = try convolutions?.measure() ?? [:]
        return CriticAudit(
            sampleCount: sampleCount, estimatesWasserstein: setup.objective.estimatesWasserstein,
            estimate: duality.dual, exactW1: duality.exact,
            floorW1: try wasserstein(measures[0], measures[2]),
            slicedW1: try SlicedWasserstein(measures[0], measures[1], p: 1, seed: 0).distance,
            largestPairSlope: duality.largestSlope, gradientNorms: GradientNorms(norms),
            spectralNorms: layers.map {
                .init(name: $0, norm: convolutionNorms[$0] ?? Double(executable.scalar($0)))
            },
            shareAtBound: setup.shareAtClipBound(on: device), yardstick: yardstick)
    }
}

extension TrainingSetup {
    /// The share of the critic's clipped weights whose magnitude is the bound, up to rounding; nil
    /// where nothing is clipped.
    func shareAtClipBound(on device: any Device) -> Double? {
        guard let clipping = constraint.clipping else { return nil }
        let limit = Float(abs(clipping.bound)) * (1 - 1e-5)
        var (atBound, count) = (0, 0)
        for parameter in parameters.trainable(in: "critic")
        where !clipping.onlyConvolutionKernels || parameter.isConvolutionKernel {
            for value in device.value(of: parameter.variable) ?? [] {
                count += 1
                if abs(value) >= limit { atBound += 1 }
            }
        }
        return count > 0 ? Double(atBound) / Double(count) : nil
    }
}

extension LipschitzConstraint {
    /// The clipping that this constraint is, or is combined of.
    fileprivate var clipping: WeightClipping? {
        if let combined = self as? CombinedConstraint {
            return combined.constraints.lazy.compactMap(\.clipping).first
        }
        return self as? WeightClipping
    }
}

extension Trainer {
    /// Batches from here on are out of any training's reach.
    private static let firstBatch = 1 << 40

    /// Real samples that the training has not seen in this order, `[count, …]` in row-major order.
    ///
    /// - Parameters:
    ///   - count: How many.
    ///   - seed: Which ones.
    public func realSamples(_ count: Int, seed: UInt64 = 0) -> [Float] {
        let size = setup.realBatchSize
        let first = Self.firstBatch + Int(seed % (1 << 20)) << 20
        let batches = (count + size - 1) / size
        return Array(
            data.samples(ofBatches: first..<first + batches, size: size)
                .prefix(count * sampleShape.count))
    }

    /// Why the critic of a training that has ended counts as stuck; nil where it does not, where
    /// the training was too short to tell, and where a critic estimates no single distance.
    ///
    /// - Parameter estimate: The mean of the critic's estimates over the last quarter of the steps.
    /// - Throws: As ``auditCritic(sampleCount:seed:hasYardstick:measuresConvolutions:)``.
    public func stuckVerdict(estimateForLong estimate: Double) throws -> String? {
        guard setup.condition == nil, setup.objective.estimatesWasserstein,
            criticUpdates >= Self.leastUpdates
        else { return nil }
        // Of images no more than a training's batch: there is memory for that.
        let count = sampleShape.rank == 1 ? 500 : min(max(setup.realBatchSize, 2), 100)
        return try auditCritic(
            sampleCount: count, seed: UInt64(step), measuresConvolutions: false
        )
        .stuckVerdict(estimateForLong: estimate)
    }

    /// A sentence where the critic's slope is at present so far from a gradient penalty's target
    /// that the first updates will do nothing but change it; nil where it is not, where there is no
    /// such penalty or its target is zero, and for conditional critics.
    ///
    /// - Throws: As ``auditCritic(sampleCount:seed:hasYardstick:measuresConvolutions:)``.
    public func slopeWarning() throws -> String? {
        guard setup.condition == nil, let penalty = setup.constraint.gradientPenalty,
            penalty.target > 0
        else { return nil }
        let slope = try auditCritic(
            sampleCount: sampleShape.rank == 1 ? 32 : 4, measuresConvolutions: false
        ).gradientNorms.mean
        guard !Self.usualSlopes.contains(slope / penalty.target) else { return nil }
        let numbers = [slope, penalty.target].map { String(format: "%.2g", $0) }
        return "the critic's slope is \(numbers[0]) at the beginning, and the penalty's target "
            + "\(numbers[1]): "
            + (slope > penalty.target
                ? "the first losses will be huge, and updates will only flatten the critic; scale "
                    + "the data down, or begin with smaller weights, see 'initialisation'"
                : "the critic begins nearly flat, and has to find its slope first; begin with "
                    + "larger weights, such as 'initialisation: heNormal'")
    }

    /// Slopes, in units of their target, that a critic leaves for the target within some updates.
    ///
    /// A critic of 64-pixel photos that begins at 0.04 of it, as N(0, 0.02) without normalisation
    /// does, shows patches of colour where one that begins near 1 shows petals.
    private static let usualSlopes = 0.1...10

    /// Critic updates before which no critic can be asked much of.
    private static let leastUpdates = 2000

    /// Examines the critic as it is now, on fresh samples.
    ///
    /// The training goes on with the same numbers as if nothing had happened.
    ///
    /// - Parameters:
    ///   - sampleCount: Samples of each kind, at least 2; the exact distance between 500 points of
    ///     the plane takes some ten milliseconds.
    ///   - seed: Which samples.
    ///   - hasYardstick: Whether the audit has a ``Yardstick``, which takes about as long as the
    ///     exact distance once more.
    ///   - measuresConvolutions: Whether the norms of convolutions are found, or those of their
    ///     kernels' matrices given in their place, which takes less time.
    /// - Throws: ``TrainingError`` where a score or gradient is not finite, and what compiling
    ///   throws.
    public func auditCritic(
        sampleCount: Int = 500, seed: UInt64 = 0, hasYardstick: Bool = false,
        measuresConvolutions: Bool = true
    ) throws -> CriticAudit {
        if auditor?.sampleCount != sampleCount
            || auditor?.measuresConvolutions != measuresConvolutions
        {
            auditor = try CriticAuditor(
                setup, sampleShape: sampleShape, sampleCount: sampleCount,
                measuresConvolutions: measuresConvolutions, on: device)
        }
        let real = realSamples(2 * sampleCount, seed: seed)
        // The first of more samples are the same ones.
        let generated = try sample(hasYardstick ? 2 * sampleCount : sampleCount, seed: seed)
        return try auditor!.audit(
            real: Array(real.prefix(real.count / 2)),
            generated: Array(generated.prefix(real.count / 2)),
            otherReal: Array(real.suffix(real.count / 2)),
            otherGenerated: hasYardstick ? Array(generated.suffix(real.count / 2)) : nil,
            seed: seed)
    }
}
