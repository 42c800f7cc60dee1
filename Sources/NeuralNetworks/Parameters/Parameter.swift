public import TensorGraph

/// A named array that belongs to a network: learned numbers, or numbers kept beside them.
///
/// Layouts are PyTorch's, so that weights can be exchanged with it.
public struct Parameter: Hashable, Sendable {
    /// What the numbers are for; it decides their initial values and which constraints apply.
    public enum Role: Hashable, Sendable, CaseIterable {
        /// `[outputs, inputs]`.
        case linearWeight
        /// `[outputs, inputs/groups, height, width]`.
        case convolutionWeight
        /// `[inputs, outputs/groups, height, width]`.
        case transposedConvolutionWeight
        /// `[classes, features]`.
        case embeddingWeight
        /// Added to the result of a weight's layer.
        case bias
        /// The factor after a normalisation.
        case normScale
        /// The addend after a normalisation.
        case normShift
        /// The factor of a branch that is added to its input.
        case branchScale
        /// The average mean of the batches seen so far.
        case runningMean
        /// The average variance of the batches seen so far.
        case runningVariance
        /// Kept by an optimiser, a constraint or an average.
        case state
    }

    /// The name and extents; its numbers live with the executor.
    public let variable: Variable
    /// What the numbers are for.
    public let role: Role
    /// Of a convolution's weight: groups of channels, each with a linear map of its own.
    public let groups: Int
    /// Of a convolution's weight: pixels between its windows.
    public let stride: Int

    /// A parameter that lives in `variable`.
    public init(_ variable: Variable, role: Role, groups: Int = 1, stride: Int = 1) {
        (self.variable, self.role, self.groups) = (variable, role, groups)
        self.stride = stride
    }

    /// Unique within a training, dotted, as `critic.0.weight`.
    public var name: String { variable.name }
    /// The extents of the value.
    public var shape: Shape { variable.shape }
    /// The value when a program begins to run.
    public var tensor: Tensor { variable.tensor }

    /// Whether an optimiser changes the numbers.
    public var isTrainable: Bool {
        switch role {
        case .runningMean, .runningVariance, .state: false
        default: true
        }
    }

    /// Whether the numbers are a linear map from inputs to outputs, which has a spectral norm; an
    /// embedding is one of rows with a one at the class.
    public var isLinearMap: Bool {
        switch role {
        case .linearWeight, .convolutionWeight, .transposedConvolutionWeight, .embeddingWeight: true
        default: false
        }
    }

    /// Whether the numbers are the kernel of a convolution or of a transposed convolution.
    public var isConvolutionKernel: Bool {
        role == .convolutionWeight || role == .transposedConvolutionWeight
    }
}
