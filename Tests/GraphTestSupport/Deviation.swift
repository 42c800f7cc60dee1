package import TensorGraph

extension ReferenceTensor {
    /// The largest difference of an element from that of `other`, as a share of the latter where it
    /// is above 1; infinite where the shapes differ or an element is not a number in one alone.
    package func deviation(from other: ReferenceTensor) -> Double {
        guard shape == other.shape else { return .infinity }
        return zip(values, other.values).reduce(0) { largest, pair in
            if pair.0 == pair.1 || pair.0.isNaN && pair.1.isNaN { return largest }
            let difference = abs(pair.0 - pair.1) / max(1, abs(pair.1))
            return difference.isNaN ? .infinity : max(largest, difference)
        }
    }
}
