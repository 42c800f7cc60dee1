public import NeuralNetworks
package import StrictYAML
public import TensorGraph

/// The critic computes with the nearest orthonormal matrix to each weight: it is 1-Lipschitz by
/// construction, and dense layers keep the length of gradients but where they widen.
///
/// The stored weights stay free; gradients flow through the iteration that makes them orthonormal.
/// Every layer then has a norm of at most 1 for vectors. A convolution's matrix, its kernels as
/// rows, is divided by the root of the kernel's pixels besides: each pixel of an image is in so
/// many patches at most, so that the whole layer has a norm of at most 1 at any stride and padding.
/// With stride s that is s times more than needed, and gradients get as much shorter.
/// The estimate of such a critic is a lower bound of W₁, if its activations are of slope 1 too, as
/// ``GroupSort`` is.
///
/// Source: Anil, Lucas and Grosse 2019, arXiv:1811.05381. Their scale is a bound only for weights
/// of at most 1; this one always is.
public struct OrthonormalWeights: LipschitzConstraint, Hashable {
    /// The order of Björck's iteration, 1 to 3.
    public var order: Int
    /// How often it is repeated. Any number keeps the bound; few lose length.
    public var iterations: Int

    /// Orthonormal weights by so many iterations.
    public init(order: Int = 1, iterations: Int = 15) {
        (self.order, self.iterations) = (order, iterations)
    }

    /// A linear map's nearest orthonormal one; biases and normalisations as they are.
    public func reparametrised(
        _ value: Tensor, of parameter: Parameter, in context: inout ConstraintContext
    ) -> Tensor {
        guard parameter.isLinearMap else { return value }
        let blocks = parameter.blocks(of: value)
        let orthonormal = Orthonormal.bjorck(
            blocks, scale: Orthonormal.bound(blocks), order: order, iterations: iterations)
        let result = parameter.value(ofBlocks: orthonormal)
        guard parameter.area > 1 else { return result }
        return result * Tensor(1 / Double(parameter.area).squareRoot())
    }
}

extension OrthonormalWeights: ConfigurableConstraint {
    /// `orthonormal`, or `orthonormal: {order: 3, iterations: 8}`.
    package static let configurationName = "orthonormal"

    package static func read(
        _ section: ConfigurationSection
    ) throws(ConfigurationError) -> any LipschitzConstraint {
        OrthonormalWeights(
            order: try section.value("order", .integer(in: 1...3), default: 1),
            iterations: try section.value("iterations", .integer(in: 1...100), default: 15))
    }
}
