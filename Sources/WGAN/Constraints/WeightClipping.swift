public import NeuralNetworks
package import StrictYAML
public import TensorGraph

/// Every parameter confined to −bound…bound after each critic step.
///
/// The simplest constraint; it bounds the slope only indirectly, and most weights end at the bound.
///
/// Source: Arjovsky et al. 2017, algorithm 1, arXiv:1701.07875.
public struct WeightClipping: LipschitzConstraint, Hashable {
    /// The largest magnitude allowed, above zero.
    public var bound: Double
    /// Whether biases, normalisations and dense layers stay free.
    public var onlyConvolutionKernels: Bool

    /// A constraint with this bound on all parameters, or on convolution kernels alone.
    public init(bound: Double = 0.01, onlyConvolutionKernels: Bool = false) {
        self.bound = bound
        self.onlyConvolutionKernels = onlyConvolutionKernels
    }

    /// The value with each number confined to −bound…bound.
    public func projected(
        _ value: Tensor, of parameter: Parameter, in context: inout ConstraintContext
    ) -> Tensor {
        guard !onlyConvolutionKernels || parameter.isConvolutionKernel else { return value }
        return value.clamped(to: -abs(bound)...abs(bound))
    }
}

extension WeightClipping: ConfigurableConstraint {
    /// `clipping`, or `clipping: {bound: 0.01, onlyConvolutionKernels: false}`.
    package static let configurationName = "clipping"

    package static func read(
        _ section: ConfigurationSection
    ) throws(ConfigurationError) -> any LipschitzConstraint {
        WeightClipping(
            bound: try section.value("bound", .number(greaterThan: 0), default: 0.01),
            onlyConvolutionKernels: try section.value(
                "onlyConvolutionKernels", .boolean, default: false))
    }
}
