public import TensorGraph

/// The dual form of the Wasserstein distance: what critic and generator work for.
///
/// Over all functions f of slope at most one, the largest mean f(real) − mean f(generated) is the
/// Wasserstein distance. The critic makes that difference large, the generator makes it small. No
/// logarithm, no sigmoid: scores are unbounded.
///
/// Source: Arjovsky et al. 2017, section 3, arXiv:1701.07875.
public struct Objective: Hashable, Sendable {
    /// Which of two mirror images is trained: a critic f of one is −f of the other. The choice
    /// changes the signs of scores and losses and nothing else.
    public enum SignConvention: String, Hashable, Sendable, CaseIterable {
        /// Real samples score high: the paper's and most programs' choice.
        case realScoresHigh
        /// Generated samples score high; the critic minimises mean f(real) − mean f(generated), the
        /// generator mean f(generated).
        case generatedScoresHigh
    }

    /// Which of the two mirror images is trained.
    public var convention: SignConvention

    /// An objective with the paper's signs, or their mirror image.
    public init(convention: SignConvention = .realScoresHigh) { self.convention = convention }

    /// What the critic minimises, without a penalty: minus the estimate.
    ///
    /// - Parameters:
    ///   - real: Scores of real samples, `[N]` or `[N, 1]`.
    ///   - generated: Scores of generated samples.
    /// - Returns: A scalar.
    public func criticLoss(real: Tensor, generated: Tensor) -> Tensor {
        let difference = generated.mean() - real.mean()
        return convention == .realScoresHigh ? difference : -difference
    }

    /// What the generator minimises: the part of the estimate that it can change.
    public func generatorLoss(generated: Tensor) -> Tensor {
        convention == .realScoresHigh ? -generated.mean() : generated.mean()
    }

    /// The critic's estimate of the Wasserstein distance, penalty excluded: positive once the critic
    /// tells real from generated samples, in either convention.
    ///
    /// It is the distance times the critic's slope, and below it as long as the critic can improve.
    public func wassersteinEstimate(real: Tensor, generated: Tensor) -> Tensor {
        let difference = real.mean() - generated.mean()
        return convention == .realScoresHigh ? difference : -difference
    }
}
