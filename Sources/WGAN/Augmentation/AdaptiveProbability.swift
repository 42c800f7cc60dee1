import NeuralNetworks
import TensorGraph

/// A probability of augmentation that follows the critic's overfitting: it grows while the critic
/// is too sure of its real images, and falls while it is not.
///
/// Each few updates of the critic the probability moves by one small step of a fixed size, towards
/// more where the mean overfitting since the last move is above the target, else towards less. It
/// stays in 0…1; the source's implementation has no upper end. The probability and the sums are
/// variables of the training, and so in its checkpoints.
///
/// Source: Karras et al. 2020, section 3.1, arXiv:2006.06676.
public struct AdaptiveProbability: Hashable, Sendable {
    /// The overfitting wished for, in −1…1.
    public var target: Double
    /// Updates of the critic from one move to the next, at least 1.
    public var interval: Int
    /// Real samples over which moves in one direction lead from 0 to 1.
    public var samples: Double
    /// The probability before the first move, in 0…1.
    public var initial: Double

    /// The paper's settings, or others.
    public init(
        target: Double = 0.6, interval: Int = 4, samples: Double = 500_000, initial: Double = 0
    ) {
        (self.target, self.interval) = (target, interval)
        (self.samples, self.initial) = (samples, initial)
    }

    /// What lasts from update to update: the probability, and of the updates since its last move
    /// the overfitting's sum and how many they are.
    func variables(
        in store: inout ParameterStore
    ) -> (probability: Variable, sum: Variable, count: Variable) {
        (
            store.state("augmentation.probability", [], initially: .constant(initial)),
            store.state("augmentation.overfitting", []), store.state("augmentation.updates", [])
        )
    }

    /// The variables after an update of the critic.
    ///
    /// - Parameters:
    ///   - overfitting: That of the update: a scalar.
    ///   - batch: Real samples in the update.
    func updates(
        overfitting: Tensor, batch: Int, in store: inout ParameterStore
    ) -> [VariableUpdate] {
        let (probability, sum, count) = variables(in: &store)
        let (total, seen) = (sum.tensor + overfitting, count.tensor + 1)
        let isDue = seen .>= Tensor(Double(interval))
        let size = Double(batch * interval) / samples
        let move = Tensor(size) * (total / seen - Tensor(target)).sign()
        return [
            (probability, (probability.tensor + isDue * move).clamped(to: 0...1)),
            (sum, (1 - isDue) * total), (count, (1 - isDue) * seen),
        ]
    }
}
