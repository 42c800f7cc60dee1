public import NeuralNetworks
package import StrictYAML
public import TensorGraph

/// The critic computes with the nearest orthonormal matrix to each weight: it is 1-Lipschitz by
/// construction, and dense layers keep the length of gradients but where they widen.
///
/// The stored weights stay free; gradients flow through the iteration that makes them orthonormal.
/// Every layer then has a norm of at most 1 for vectors. A convolution's matrix, its kernels as
/// rows, is divided besides by the root of the number of windows in which a pixel can lie,
/// ⌈kernel/stride⌉²: then the whole layer has a norm of at most 1 at any padding, and of exactly 1
/// where windows do not overlap. The estimate of such a critic is a lower bound of W₁, if its
/// activations are of slope 1 too, as ``GroupSort`` is.
///
/// After each update the stored weights are brought nearer to their orthonormal matrices, which
/// changes nothing that the critic computes, but lets few iterations be enough in the next update.
///
/// Source: Anil, Lucas and Grosse 2019, arXiv:1811.05381. Their scale is a bound only for weights
/// of at most 1; this one always is, and their weights are iterated from afresh in each update.
public struct OrthonormalWeights: LipschitzConstraint, Hashable {
    /// The order of Björck's iteration, 1 to 3.
    public var order: Int
    /// How often it is repeated in an update. Any number keeps the bound; few lose length.
    public var iterations: Int
    /// How often the stored weights are iterated after an update; 0 leaves them to the optimiser.
    public var upkeep: Int

    /// Orthonormal weights by so many iterations.
    public init(order: Int = 1, iterations: Int = 4, upkeep: Int = 1) {
        (self.order, self.iterations, self.upkeep) = (order, iterations, upkeep)
    }

    /// A linear map's nearest orthonormal one; biases and normalisations as they are.
    public func reparametrised(
        _ value: Tensor, of parameter: Parameter, in context: inout ConstraintContext
    ) -> Tensor {
        guard parameter.isLinearMap else { return value }
        let result = iterated(value, of: parameter, times: iterations)
        guard parameter.overlap > 1 else { return result }
        return result * Tensor(1 / Double(parameter.overlap).squareRoot())
    }

    /// A linear map's weight after some iterations, which have the same limit from there.
    public func projected(
        _ value: Tensor, of parameter: Parameter, in context: inout ConstraintContext
    ) -> Tensor {
        guard parameter.isLinearMap, upkeep > 0 else { return value }
        return iterated(value.stoppingGradient(), of: parameter, times: upkeep)
    }

    private func iterated(_ value: Tensor, of parameter: Parameter, times: Int) -> Tensor {
        let blocks = parameter.blocks(of: value)
        let result = Orthonormal.bjorck(blocks, order: order, iterations: times)
        return parameter.value(ofBlocks: result)
    }
}

extension OrthonormalWeights: ConfigurableConstraint {
    /// `orthonormal`, or `orthonormal: {order: 1, iterations: 4, upkeep: 1}`.
    package static let configurationName = "orthonormal"

    package static func read(
        _ section: ConfigurationSection
    ) throws(ConfigurationError) -> any LipschitzConstraint {
        OrthonormalWeights(
            order: try section.value("order", .integer(in: 1...3), default: 1),
            iterations: try section.value("iterations", .integer(in: 1...100), default: 4),
            upkeep: try section.value("upkeep", .integer(in: 0...100), default: 1))
    }
}
