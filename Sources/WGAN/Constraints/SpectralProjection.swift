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
