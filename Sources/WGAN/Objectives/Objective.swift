public import TensorGraph

/// What critic and generator work for.
///
/// Scores are `[N]` or `[N, 1]`, unbounded, and real samples have the high ones:
/// ``SignConvention`` turns those of a mirrored critic round before an objective sees them.
///
/// ```swift
/// /// Least squares, Mao et al. 2017, eq. 2, arXiv:1611.04076.
/// struct LeastSquares: Objective {
///     func criticLoss(real: Tensor, generated: Tensor) -> Tensor {
///         (real - 1).squared().mean() + generated.squared().mean()
///     }
///     func generatorLoss(real: Tensor, generated: Tensor) -> Tensor {
///         (generated - 1).squared().mean()
///     }
/// }
/// ```
public protocol Objective: Sendable {
    /// What the critic minimises, without a penalty: a scalar.
    ///
    /// - Parameters:
    ///   - real: Scores of real samples.
    ///   - generated: Scores of as many generated samples.
    func criticLoss(real: Tensor, generated: Tensor) -> Tensor

    /// What the generator minimises: a scalar.
    ///
    /// - Parameters:
    ///   - real: Scores of real samples; not to be used where ``comparesPairs`` is false.
    ///   - generated: Scores of as many generated samples.
    func generatorLoss(real: Tensor, generated: Tensor) -> Tensor

    /// What the critic minimises, for objectives that look at the samples too; by default that of
    /// the scores alone. See ``TransportObjective``.
    func criticLoss(real: ScoredSamples, generated: ScoredSamples) -> Tensor

    /// What the generator minimises, for objectives that look at the samples too; by default that
    /// of the scores alone.
    func generatorLoss(real: ScoredSamples, generated: ScoredSamples) -> Tensor

    /// Whether the difference of mean scores estimates the Wasserstein distance, up to the critic's
    /// slope; by default not.
    var estimatesWasserstein: Bool { get }

    /// Whether zero divides the scores of real samples from those of generated ones; by default
    /// not.
    var dividesAtZero: Bool { get }

    /// Whether the generator's loss sets its samples against real ones, of which its update then
    /// takes a batch; by default not.
    var comparesPairs: Bool { get }

    /// Whether the real batch is brought into the order in which exact transport matches it with
    /// the generated samples, for the generator's loss; by default not.
    var matchesPairs: Bool { get }
}

/// Samples as the critic was shown them, and its scores of them.
public struct ScoredSamples {
    /// `[N, …]`.
    public let samples: Tensor
    /// `[N]` or `[N, 1]`, high for real samples.
    public let scores: Tensor

    /// Samples with their scores.
    public init(samples: Tensor, scores: Tensor) {
        (self.samples, self.scores) = (samples, scores)
    }
}

extension Objective {
    /// By default the samples make no difference beside their scores.
    public func criticLoss(real: ScoredSamples, generated: ScoredSamples) -> Tensor {
        criticLoss(real: real.scores, generated: generated.scores)
    }

    /// By default the samples make no difference beside their scores.
    public func generatorLoss(real: ScoredSamples, generated: ScoredSamples) -> Tensor {
        generatorLoss(real: real.scores, generated: generated.scores)
    }

    /// By default the difference of mean scores estimates no distance.
    public var estimatesWasserstein: Bool { false }
    /// By default a score of zero means nothing.
    public var dividesAtZero: Bool { false }
    /// By default the generator's loss is of its own samples' scores alone.
    public var comparesPairs: Bool { false }
    /// By default batches are in no order.
    public var matchesPairs: Bool { false }

    /// What records call the difference of mean scores: an estimate only where it is one.
    package var differenceName: String {
        estimatesWasserstein ? StepLosses.estimateName : StepLosses.differenceName
    }
}

/// Which of two mirror images is trained: a critic f of one is −f of the other. The choice changes
/// the signs of scores and nothing else.
public enum SignConvention: String, Hashable, Sendable, CaseIterable {
    /// Real samples score high: the paper's and most programs' choice.
    case realScoresHigh
    /// Generated samples score high; a Wasserstein critic minimises mean f(real) − mean
    /// f(generated), its generator mean f(generated).
    case generatedScoresHigh

    /// The scores, or minus them, so that those of real samples are the high ones.
    public func upright(_ scores: Tensor) -> Tensor { self == .realScoresHigh ? scores : -scores }
}
