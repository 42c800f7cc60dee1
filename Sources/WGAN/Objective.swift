import NeuralNetworks
public import TensorGraph

/// What critic and generator work for: the dual form of the Wasserstein distance, or for comparison
/// the game of the first GANs.
///
/// Over all functions f of slope at most one, the largest mean f(real) − mean f(generated) is the
/// Wasserstein distance. The critic makes that difference large, the generator makes it small. No
/// logarithm, no sigmoid: scores are unbounded.
///
/// Source: Arjovsky et al. 2017, section 3, arXiv:1701.07875.
public struct Objective: Hashable, Sendable {
    /// What is made large and small.
    public enum Kind: String, Hashable, Sendable, CaseIterable {
        /// The difference of mean scores.
        case wasserstein
        /// The likelihood of a classifier that takes a sample for real with the probability
        /// sigmoid(score); the generator's loss is the one that does not saturate,
        /// −mean log sigmoid(score). It needs no constraint.
        ///
        /// Source: Goodfellow et al. 2014, section 3, arXiv:1406.2661.
        case classical
    }

    /// Which of two mirror images is trained: a critic f of one is −f of the other. The choice
    /// changes the signs of scores and losses and nothing else.
    public enum SignConvention: String, Hashable, Sendable, CaseIterable {
        /// Real samples score high: the paper's and most programs' choice.
        case realScoresHigh
        /// Generated samples score high; the critic minimises mean f(real) − mean f(generated), the
        /// generator mean f(generated).
        case generatedScoresHigh
    }

    /// What is made large and small.
    public var kind: Kind
    /// Which of the two mirror images is trained.
    public var convention: SignConvention

    /// An objective with the paper's signs, or their mirror image.
    public init(_ kind: Kind = .wasserstein, convention: SignConvention = .realScoresHigh) {
        (self.kind, self.convention) = (kind, convention)
    }

    /// What the critic minimises, without a penalty: minus the estimate, or the classifier's
    /// cross-entropy, the sum of both kinds'.
    ///
    /// - Parameters:
    ///   - real: Scores of real samples, `[N]` or `[N, 1]`.
    ///   - generated: Scores of generated samples.
    /// - Returns: A scalar.
    public func criticLoss(real: Tensor, generated: Tensor) -> Tensor {
        switch kind {
        case .wasserstein:
            let difference = generated.mean() - real.mean()
            return convention == .realScoresHigh ? difference : -difference
        case .classical:
            return (-upright(real)).softplus().mean() + upright(generated).softplus().mean()
        }
    }

    /// What the generator minimises: the part of the estimate that it can change, or minus the mean
    /// logarithm of the probability with which its samples are taken for real.
    public func generatorLoss(generated: Tensor) -> Tensor {
        switch kind {
        case .wasserstein:
            convention == .realScoresHigh ? -generated.mean() : generated.mean()
        case .classical: (-upright(generated)).softplus().mean()
        }
    }

    /// The critic's estimate of the Wasserstein distance, penalty excluded: positive once the critic
    /// tells real from generated samples, in either convention.
    ///
    /// It is the distance times the critic's slope, and below it as long as the critic can improve.
    /// Of a classical critic it is the same difference, and an estimate of nothing.
    public func wassersteinEstimate(real: Tensor, generated: Tensor) -> Tensor {
        let difference = real.mean() - generated.mean()
        return convention == .realScoresHigh ? difference : -difference
    }

    /// Scores of which real samples have the high ones.
    private func upright(_ scores: Tensor) -> Tensor {
        convention == .realScoresHigh ? scores : -scores
    }
}
