import Datasets
import OptimalTransport
import TensorGraph

/// No critic at all: exact transport between two samples, the row DOT.
///
/// The gradient at a moved point x is `(x − y)/|x − y|` for the uniform point y that it is matched
/// with, and the estimate is the distance between the samples.
///
/// Source: Korotin, Kolesov and Burnaev 2022, section 3, arXiv:2206.07767.
struct DiscreteTransport: CriticMethod {
    let name = "dot"
    let updates = 0

    func learner(
        of pair: KantorovichPair, seed: UInt64, updates: Int, on device: any Device
    ) -> any CriticLearner {
        Matching()
    }

    private final class Matching: CriticLearner {
        func update(_ number: Int) {}

        func critic(at points: [Float]) -> CriticValues? { nil }

        func scores(on sample: KantorovichSample) throws -> CriticScores {
            let d = sample.pair.dimensions
            let others = sample.otherUniformPoints()
            let costs = try CostMatrix.distances(
                DiscreteMeasure(sample.moved, dimensions: d),
                DiscreteMeasure(others, dimensions: d))
            let matching = try Assignment.solve(costs)
            let gaps = matching.columns.enumerated().flatMap { number, partner in
                (0..<d).map {
                    Double(sample.moved[number * d + $0]) - Double(others[partner * d + $0])
                }
            }
            return CriticScores(
                of: sample, gradients: unitVectors(gaps, dimensions: d),
                estimate: matching.totalCost / Double(sample.count))
        }
    }
}
