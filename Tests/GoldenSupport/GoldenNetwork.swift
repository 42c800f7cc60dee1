import NeuralNetworks
import TensorGraph

/// A network of a golden file, made of this project's layers.
struct GoldenNetwork: Layer {
    let name: String
    private let layers: Sequential

    init(_ name: String, _ descriptions: [GoldenLayer], in store: inout ParameterStore) throws {
        self.name = name
        layers = try store.scoped(name) { store throws in
            Sequential(
                try descriptions.map { description in
                    guard let name = description.name else { return try description.make(&store) }
                    return try store.scoped(name) { store throws in try description.make(&store) }
                })
        }
    }

    func callAsFunction(_ x: Tensor, _ pass: inout ForwardPass) -> Tensor { layers(x, &pass) }

    /// One score for each sample, `[N]`.
    func scores(_ x: Tensor) -> Tensor {
        var pass = ForwardPass(.training)
        let scores = layers(x, &pass)
        return scores.reshaped([scores.shape.count])
    }
}

extension GoldenLayer {
    fileprivate func make(_ store: inout ParameterStore) throws -> any Layer {
        switch type {
        case "linear":
            return Linear(
                try need(`in`), try need(out), bias: try need(bias), in: &store)
        case "conv2d":
            return Conv2d(
                try need(`in`), try need(out), kernel: try need(kernel), stride: try need(stride),
                padding: .symmetric(try need(padding)), bias: try need(bias), in: &store)
        case "conv_transpose2d":
            return ConvTranspose2d(
                try need(`in`), try need(out), kernel: try need(kernel), stride: try need(stride),
                padding: .symmetric(try need(padding)), bias: try need(bias), in: &store)
        case "batch_norm2d":
            return BatchNorm2d(
                try need(channels), epsilon: try need(eps), momentum: try need(momentum),
                in: &store)
        case "layer_norm":
            return LayerNorm(Shape(try need(shape)), epsilon: try need(eps), in: &store)
        case "leaky_relu": return LeakyReLU(slope: try need(slope))
        case "relu": return ReLU()
        case "tanh": return Tanh()
        case "flatten": return Flatten()
        case "reshape":
            let shape = try need(shape)
            return Reshape(channels: shape[0], height: shape[1], width: shape[2])
        default: throw GoldenError("the harness knows no layer of type \(type)")
        }
    }

    private func need<Value>(_ value: Value?) throws -> Value {
        guard let value else { throw GoldenError("a setting of a \(type) layer is missing") }
        return value
    }
}

extension ReferenceTensor {
    /// Images `[N, C, H, W]` as `[N, H, W, C]`; other shapes unchanged.
    var channelsLast: ReferenceTensor { shape.rank == 4 ? permuted([0, 2, 3, 1]) : self }

    /// Images `[N, H, W, C]` as `[N, C, H, W]`; other shapes unchanged.
    var channelsFirst: ReferenceTensor { shape.rank == 4 ? permuted([0, 3, 1, 2]) : self }

    private func permuted(_ axes: [Int]) -> ReferenceTensor {
        let strides = shape.strides
        return gathered(Shape(axes.map { shape[$0] }), strides: axes.map { strides[$0] })
    }
}
