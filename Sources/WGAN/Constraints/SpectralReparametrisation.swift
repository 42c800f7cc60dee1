public import NeuralNetworks
package import StrictYAML
public import TensorGraph

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
