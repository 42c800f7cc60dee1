import Foundation
import TensorGraph

extension Trainer {
    /// Batches from here on are out of any training's reach.
    private static let firstBatch = 1 << 40

    /// Real samples that the training has not seen in this order, `[count, …]` in row-major order.
    ///
    /// - Parameter seed: Which ones.
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
    /// - Throws: As ``auditCritic(sampleCount:seed:)``.
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
    /// - Throws: As ``auditCritic(sampleCount:seed:)``.
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
