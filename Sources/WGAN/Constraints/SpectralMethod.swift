import NeuralNetworks
import StrictYAML
import TensorGraph

/// How the largest singular value of a weight is found.
public enum SpectralMethod: Hashable, Sendable {
    /// To rounding error.
    case exact
    /// By power iteration from a new random vector each time: an estimate from below.
    case freshVector(iterations: Int)
    /// By power iteration that goes on from the vector of the time before: soon as good as exact.
    case persistentVector(iterations: Int)

    /// The spectral norm of `matrix`, which `parameter` has as a linear map: a scalar.
    func norm(
        of matrix: Tensor, for parameter: Parameter, in context: inout ConstraintContext
    ) -> Tensor {
        guard matrix.rank == 2 else { return SpectralNorm.exact(matrix) }
        let rows: Shape = [matrix.shape[0]]
        switch self {
        case .exact:
            return SpectralNorm.exact(matrix)
        case .freshVector(let iterations):
            let start = Tensor.randomNormal(rows, stream: context.streams.take())
            return SpectralNorm.powerIteration(matrix, from: start, iterations: iterations).sigma
        case .persistentVector(let iterations):
            let vector = context.store.state(
                "\(parameter.name).spectral.u", rows, initially: .normal(mean: 0, deviation: 1))
            let result = SpectralNorm.powerIteration(
                matrix, from: vector.tensor, iterations: iterations)
            context.update(vector, to: result.vector)
            return result.sigma
        }
    }

    /// `value` of a linear map divided by its spectral norm; the zero map stays as it is.
    func normalised(
        _ value: Tensor, of parameter: Parameter, in context: inout ConstraintContext
    ) -> Tensor {
        let norm = norm(of: parameter.matrix(of: value), for: parameter, in: &context)
        return SpectralNorm.divided(value, by: norm)
    }
}

extension SpectralMethod {
    /// `method: exact`, or `method: persistentVector` with `iterations: 1`.
    init(
        reading section: ConfigurationSection, default fallback: String
    ) throws(ConfigurationError) {
        let makers: [String: (Int) -> Self] = [
            "exact": { _ in .exact },
            "freshVector": { .freshVector(iterations: $0) },
            "persistentVector": { .persistentVector(iterations: $0) },
        ]
        let make = try section.choice("method", of: makers, default: fallback)
        guard make(1) != .exact else {
            guard !section.has("iterations") else {
                throw section.invalid(
                    "iterations", "has no effect with the method exact; remove it")
            }
            self = .exact
            return
        }
        self = make(try section.integer("iterations", default: 1, in: 1...100))
    }
}
