public import Datasets
import Foundation
public import TensorGraph

/// One method on one pair, from one seed.
public struct CriticTrial: Sendable {
    /// What is tried.
    public let method: any CriticMethod
    /// D, at least 1.
    public let dimensions: Int
    /// N, at least 1.
    public let funnels: Int
    /// Selects the pair, the initial values and all samples.
    public let seed: UInt64
    /// Updates of the critic.
    public let updates: Int

    /// A trial.
    ///
    /// - Parameters:
    ///   - method: What is tried.
    ///   - dimensions: D, at least 1.
    ///   - funnels: N, at least 1.
    ///   - seed: Selects the pair, the initial values and all samples.
    ///   - most: The most updates; nil for as many as the method is meant to have.
    public init(
        _ method: any CriticMethod, dimensions: Int, funnels: Int, seed: UInt64, most: Int? = nil
    ) {
        (self.method, self.dimensions, self.funnels) = (method, dimensions, funnels)
        (self.seed, updates) = (seed, min(most ?? .max, method.updates))
    }

    /// Points of each kind that critics are judged by, as in the paper.
    public static let judgedPoints = 4096

    /// What the critic is of.
    ///
    /// - Throws: `DistributionError` for numbers out of range.
    public func pair() throws -> KantorovichPair {
        try KantorovichPair(dimensions: dimensions, funnels: funnels, seed: seed)
    }

    /// Learns the critic and judges it.
    ///
    /// - Parameters:
    ///   - device: Holds nothing else.
    ///   - progress: Is told after each update how many there were.
    /// - Returns: The scores, the seconds of learning, and the learner.
    /// - Throws: What compiling and running throw, and what `progress` throws.
    public func run(
        on device: any Device, progress: (Int) throws -> Void = { _ in }
    ) throws -> (scores: CriticScores, seconds: Double, learner: any CriticLearner) {
        let pair = try pair()
        let learner = try method.learner(of: pair, seed: seed, updates: updates, on: device)
        let start = ContinuousClock.now
        for number in 0..<updates {
            try learner.update(number)
            try progress(number + 1)
        }
        let seconds = (ContinuousClock.now - start) / .seconds(1)
        let sample = KantorovichSample(
            of: pair, distance: pair.distance().value, count: Self.judgedPoints, seed: seed)
        return (try learner.scores(on: sample), seconds, learner)
    }
}
