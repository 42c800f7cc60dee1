import Philox

/// How the numbers of a parameter are drawn before training.
public enum Distribution: Hashable, Sendable {
    /// All equal.
    case constant(Double)
    /// Uniform in −bound…bound.
    case uniform(bound: Double)
    /// Normal.
    case normal(mean: Double, deviation: Double)

    /// Numbers drawn from `stream`.
    func sample(_ count: Int, from stream: inout RandomStream) -> [Float] {
        switch self {
        case .constant(let value):
            return [Float](repeating: Float(value), count: count)
        case .uniform(let bound):
            return (0..<count).map { _ in Float(bound) * (2 * stream.nextUniform() - 1) }
        case .normal(let mean, let deviation):
            return (0..<count).map { _ in Float(mean) + Float(deviation) * stream.nextNormal() }
        }
    }
}
