public import TensorGraph

/// A learned vector for each class.
public struct Embedding: Layer {
    /// `[classes, features]`.
    public let weight: Parameter

    /// Creates `weight` in `store`.
    ///
    /// - Parameter initially: How the vectors begin; where nil, as the store's scheme says.
    public init(
        _ classes: Int, _ features: Int, initially: Distribution? = nil,
        in store: inout ParameterStore
    ) {
        weight =
            initially.map {
                store.parameter("weight", [classes, features], .embeddingWeight, initially: $0)
            }
            ?? store.parameter(
                "weight", [classes, features], .embeddingWeight, fans: Fans(features, classes))
    }

    /// Class numbers `[N]`, counted from zero, → `[N, features]`; zeros for other numbers.
    public func callAsFunction(_ x: Tensor, _ pass: inout ForwardPass) -> Tensor {
        guard x.rank == 1 else {
            return .invalid("an embedding takes class numbers [N], not \(x.shape)", from: x)
        }
        let classes = weight.shape[0]
        return x.oneHot(classes: classes).matmul(pass.value(of: weight))
    }
}

extension Tensor {
    /// Class numbers `[N]`, counted from zero, as rows `[N, classes]` with a one at the class.
    public func oneHot(classes: Int) -> Tensor {
        guard rank == 1 else {
            return .invalid("class numbers are a vector [N], not \(shape)", from: self)
        }
        return reshaped([shape[0], 1]) .== .iota([shape[0], classes], axis: 1)
    }
}
