public import NeuralNetworks
package import StrictYAML
public import TensorGraph

/// Every weight divided by its largest singular value after each critic step.
///
/// The weights themselves change, the gradient knows nothing of it; biases and normalisations stay.
public struct SpectralProjection: LipschitzConstraint, Hashable {
    /// How the largest singular value is found.
    public var method: SpectralMethod

    /// A projection with an estimate of the norm, new each time, or with another method.
    public init(method: SpectralMethod = .freshVector(iterations: 1)) { self.method = method }

    /// A weight divided by its largest singular value; biases and normalisations as they are.
    public func projected(
        _ value: Tensor, of parameter: Parameter, in context: inout ConstraintContext
    ) -> Tensor {
        guard parameter.isLinearMap else { return value }
        return method.normalised(value, of: parameter, in: &context)
    }
}

extension SpectralProjection: ConfigurableConstraint {
    /// `spectralProjection`, or `spectralProjection: {method: exact}`.
    package static let configurationName = "spectralProjection"

    package static func read(
        _ section: ConfigurationSection
    ) throws(ConfigurationError) -> any LipschitzConstraint {
        SpectralProjection(method: try SpectralMethod(reading: section, default: "freshVector"))
    }
}

/// The critic computes with each weight divided by its largest singular value.
///
/// The stored weights stay free, and gradients flow through the division, with the singular vectors
/// as constants.
///
/// Source: Miyato et al. 2018, arXiv:1802.05957; PyTorch's `spectral_norm`.
public struct SpectralReparametrisation: LipschitzConstraint, Hashable {
    /// How the largest singular value is found.
    public var method: SpectralMethod

    /// A reparametrisation with the paper's persistent vector, or another method.
    public init(method: SpectralMethod = .persistentVector(iterations: 1)) { self.method = method }

    /// A weight divided by its largest singular value; biases and normalisations as they are.
    public func reparametrised(
        _ value: Tensor, of parameter: Parameter, in context: inout ConstraintContext
    ) -> Tensor {
        guard parameter.isLinearMap else { return value }
        return method.normalised(value, of: parameter, in: &context)
    }
}

extension SpectralReparametrisation: ConfigurableConstraint {
    /// `spectralReparametrisation`, or `spectralReparametrisation: {method: exact}`.
    package static let configurationName = "spectralReparametrisation"

    package static func read(
        _ section: ConfigurationSection
    ) throws(ConfigurationError) -> any LipschitzConstraint {
        SpectralReparametrisation(
            method: try SpectralMethod(reading: section, default: "persistentVector"))
    }
}

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
        self = make(try section.value("iterations", .integer(in: 1...100), default: 1))
    }
}
