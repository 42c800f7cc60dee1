public import NeuralNetworks
package import StrictYAML
public import TensorGraph

/// Weights that are and stay orthonormal matrices: the critic is 1-Lipschitz by construction, and
/// dense layers keep the length of gradients but where they widen.
///
/// A training begins with the nearest orthonormal matrix to each initial weight. The optimiser gets
/// the part of a gradient along which a weight stays orthonormal to first order, and after its step
/// the weight is brought back by Björck's iteration, from a scale that keeps its norm at most 1.
///
/// A convolution's matrix, its kernels as rows, is divided besides by the root of the number of
/// windows in which a pixel can lie, ⌈kernel/stride⌉²: then the whole layer has a norm of at most 1
/// at any padding, and of exactly 1 where windows do not overlap. The estimate of such a critic is
/// a lower bound of W₁, if its activations are of slope 1 too, as `GroupSort` is.
///
/// Source: Anil, Lucas and Grosse 2019, arXiv:1811.05381, who iterate in every pass and learn
/// through the iteration. One iteration after each update is much faster, and learned as much;
/// without the gradient's projection it learned far less. Their scale is a bound only for weights
/// of at most 1, this one always is.
public struct OrthonormalWeights: LipschitzConstraint, Hashable {
    /// The order of Björck's iteration, 1 to 3.
    public var order: Int
    /// How often it is repeated after an update, at least 1. Any number keeps the bound; few lose
    /// length where the learning rate is high.
    public var iterations: Int

    /// Orthonormal weights by so many iterations.
    public init(order: Int = 1, iterations: Int = 1) {
        (self.order, self.iterations) = (order, iterations)
    }

    /// A linear map's nearest orthonormal one, to rounding error.
    public func beginning(_ value: Tensor, of parameter: Parameter) -> Tensor {
        iterated(value, of: parameter, times: Self.firstIterations)
    }

    /// Enough for a matrix whose least singular value is 10⁻⁵ of the largest.
    private static let firstIterations = 40

    /// A convolution's weight divided by the root of its windows' overlap; others as they are.
    public func reparametrised(
        _ value: Tensor, of parameter: Parameter, in context: inout ConstraintContext
    ) -> Tensor {
        guard parameter.isLinearMap, parameter.overlap > 1 else { return value }
        return value * Tensor(1 / Double(parameter.overlap).squareRoot())
    }

    /// The part of a gradient along which a weight stays orthonormal to first order.
    public func direction(
        _ gradient: Tensor, of parameter: Parameter, in context: inout ConstraintContext
    ) -> Tensor {
        guard parameter.isLinearMap else { return gradient }
        let blocks = Orthonormal.tangent(
            parameter.blocks(of: gradient), at: parameter.blocks(of: parameter.tensor))
        return parameter.value(ofBlocks: blocks)
    }

    /// A linear map's weight brought back towards the nearest orthonormal one.
    public func projected(
        _ value: Tensor, of parameter: Parameter, in context: inout ConstraintContext
    ) -> Tensor {
        iterated(value, of: parameter, times: iterations)
    }

    private func iterated(_ value: Tensor, of parameter: Parameter, times: Int) -> Tensor {
        guard parameter.isLinearMap else { return value }
        let blocks = Orthonormal.bjorck(
            parameter.blocks(of: value), order: order, iterations: times)
        return parameter.value(ofBlocks: blocks)
    }
}

extension OrthonormalWeights: ConfigurableConstraint {
    /// `orthonormal`, or `orthonormal: {order: 1, iterations: 1}`.
    package static let configurationName = "orthonormal"

    package static func read(
        _ section: ConfigurationSection
    ) throws(ConfigurationError) -> any LipschitzConstraint {
        OrthonormalWeights(
            order: try section.value("order", .integer(in: 1...3), default: 1),
            iterations: try section.value("iterations", .integer(in: 1...100), default: 1))
    }
}
