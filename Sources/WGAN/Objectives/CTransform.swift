import NeuralNetworks
public import TensorGraph

/// The transform that makes a dual potential of any function, without a bound on its slope.
///
/// For costs `c_ij = |x_i − y_j|` and values φ_i at the x_i, `φᶜ_j = min_i (c_ij − φ_i)` is the
/// largest function with `φ_i + φᶜ_j ≤ c_ij`, so that `mean φ + mean φᶜ` is at most the distance W₁
/// of the two batches, with equality for the best φ.
///
/// Batches of points in many dimensions are far apart where their distributions are not: what is
/// learned from the batches' distance then misleads.
///
/// Source: Villani 2009, definition 5.2; Mallasto, Montúfar and Gerolin 2019, arXiv:1910.03875.
public enum CTransform {
    /// |x_i − y_j| of all pairs: `[n, m]`.
    ///
    /// - Parameters:
    ///   - first: x, `[n, …]`.
    ///   - second: y, `[m, …]` with samples of the same shape.
    public static func costs(_ first: Tensor, _ second: Tensor) -> Tensor {
        guard first.rank >= 1, second.rank >= 1 else {
            return .invalid("distances are between batches of samples", from: first, second)
        }
        let (n, m) = (first.shape[0], second.shape[0])
        let x = first.reshaped([n, first.shape.count / max(n, 1)])
        let y = second.reshaped([m, second.shape.count / max(m, 1)])
        return x.distances(to: y)
    }

    /// φᶜ_j = min_i (c_ij − φ_i), or with ε > 0 the soft −ε ln (1/n Σ_i exp((φ_i − c_ij)/ε)), which
    /// lies between that and ε ln n above it: `[m]`.
    ///
    /// Its derivative is that of the pair, or the weighted pairs, at which the minimum lies.
    ///
    /// - Parameters:
    ///   - potential: φ, `[n]` or `[n, 1]`.
    ///   - costs: c, `[n, m]`.
    ///   - epsilon: ε, at least zero.
    public static func transform(
        _ potential: Tensor, costs: Tensor, epsilon: Double = 0
    ) -> Tensor {
        guard costs.rank == 2 else {
            return .invalid("costs are a matrix, not \(costs.shape)", from: potential, costs)
        }
        let (n, m) = (costs.shape[0], costs.shape[1])
        let gains = potential.reshaped([n, 1]) - costs
        let largest = gains.max(along: [0])
        guard epsilon > 0 else { return -largest }
        let shift = largest.stoppingGradient()
        let powers = ((gains - shift.reshaped([1, m])) * Tensor(1 / epsilon)).exp()
        return -shift - Tensor(epsilon) * powers.mean(along: [0]).log()
    }
}

/// An objective that compares the samples themselves beside their scores.
public protocol TransportObjective: Objective {}

extension TransportObjective {
    /// There is no loss of scores alone.
    public func criticLoss(real: Tensor, generated: Tensor) -> Tensor { Self.needsSamples(real) }

    /// There is no loss of scores alone.
    public func generatorLoss(real: Tensor, generated: Tensor) -> Tensor { Self.needsSamples(real) }

    private static func needsSamples(_ scores: Tensor) -> Tensor {
        .invalid("this objective needs the samples beside their scores", from: scores)
    }
}
