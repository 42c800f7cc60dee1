package import TensorGraph

extension Tensor {
    /// The Euclidean distances of all pairs of rows: `[n, F]` and `[m, F]` → `[n, m]`.
    ///
    /// Computed by products, so that distances below a thousandth of the rows' lengths are inexact;
    /// the derivative at a distance of zero is 0.
    package func distances(to other: Tensor) -> Tensor {
        guard rank == 2, other.rank == 2, shape[1] == other.shape[1] else {
            return .invalid(
                "distances are between rows of one length, not \(shape) and \(other.shape)",
                from: self, other)
        }
        let squares =
            squared().sum(along: [1]).reshaped([shape[0], 1])
            + other.squared().sum(along: [1]).reshaped([1, other.shape[0]])
            - 2 * matmul(other, transposeSecond: true)
        // Rounding makes some of the smallest squares negative; the root's slope is infinite at 0.
        return Tensor.maximum(squares, Tensor(1e-12)).sqrt()
    }
}
