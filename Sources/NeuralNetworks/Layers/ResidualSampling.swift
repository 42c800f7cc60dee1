public import TensorGraph

/// A residual block of generators, which doubles height and width.
///
/// `conv2(relu(norm2(conv1(doubled(relu(norm1(x))))))) + shortcut(doubled(x))`, with 3×3 kernels, a
/// 1×1 kernel on the shortcut, and each pixel doubled both ways. The shortcut's kernel is applied
/// before the doubling and `conv1` together with it, which changes nothing but the time.
///
/// Source: Gulrajani et al. 2017, appendix F, arXiv:1704.00028, after He et al. 2016,
/// arXiv:1603.05027.
public struct ResidualUp: Layer {
    package let layers: PreactivationLayers

    /// Creates `norm1`, `conv1`, `norm2`, `conv2` and `shortcut` in scopes of these names.
    ///
    /// - Parameters:
    ///   - inputs: Channels of the input.
    ///   - outputs: Channels of the output, and between the two convolutions.
    ///   - normalisation: What stands before each rectifier.
    ///   - store: Where the parameters are created.
    public init(
        _ inputs: Int, _ outputs: Int, normalisation: BlockNormalisation = .none,
        in store: inout ParameterStore
    ) {
        layers = PreactivationLayers(
            inputs, middle: outputs, outputs, normalisation: normalisation, scale: 2, in: &store)
    }

    /// The layers as they would be applied one by one.
    public var parts: [any Layer] {
        let steps: [(any Layer)?] = [
            layers.norm1, ReLU(), Upsample(), layers.conv1, layers.norm2, ReLU(), layers.conv2,
            layers.shortcut,
        ]
        return steps.compactMap { $0 }
    }

    /// `[N, H, W, inputs]` → `[N, 2·H, 2·W, outputs]`.
    public func callAsFunction(_ x: Tensor, _ pass: inout ForwardPass) -> Tensor {
        guard x.rank == 4 else { return .notImages(x, "a residual block") }
        let middle = layers.conv1.afterDoubling(layers.first(x, &pass), &pass)
        let change = layers.conv2(layers.second(middle, &pass), &pass)
        return change + Upsample()(layers.shortcut(x, &pass), &pass)
    }
}

extension ResidualUp: ConfigurableLayer, PreactivationBlock {
    /// `residualUp: 128`, or `residualUp: {outputs: 128, normalisation: batchNorm2d}`.
    package static let configurationName = "residualUp"
}

/// A residual block of critics, which halves height and width.
///
/// `pooled(conv2(relu(norm2(conv1(relu(norm1(x))))))) + shortcut(pooled(x))`, with 3×3 kernels, a
/// 1×1 kernel on the shortcut, and the mean of each 2×2 window; an odd row or column at the end is
/// left out. The shortcut's kernel is applied after the pooling and `conv2` together with it, which
/// changes nothing but the time.
///
/// Source: Gulrajani et al. 2017, appendix F, arXiv:1704.00028, after He et al. 2016,
/// arXiv:1603.05027.
public struct ResidualDown: Layer {
    package let layers: PreactivationLayers

    /// Creates `norm1`, `conv1`, `norm2`, `conv2` and `shortcut` in scopes of these names.
    ///
    /// - Parameters:
    ///   - inputs: Channels of the input, and between the two convolutions.
    ///   - outputs: Channels of the output.
    ///   - normalisation: What stands before each rectifier.
    ///   - store: Where the parameters are created.
    public init(
        _ inputs: Int, _ outputs: Int, normalisation: BlockNormalisation = .none,
        in store: inout ParameterStore
    ) {
        layers = PreactivationLayers(
            inputs, middle: inputs, outputs, normalisation: normalisation, scale: 1, in: &store)
    }

    /// The layers as they would be applied one by one.
    public var parts: [any Layer] {
        let steps: [(any Layer)?] = [
            layers.norm1, ReLU(), layers.conv1, layers.norm2, ReLU(), layers.conv2, AvgPool2d(2),
            layers.shortcut,
        ]
        return steps.compactMap { $0 }
    }

    /// `[N, H, W, inputs]` → `[N, H/2, W/2, outputs]`, rounded down.
    public func callAsFunction(_ x: Tensor, _ pass: inout ForwardPass) -> Tensor {
        guard x.rank == 4 else { return .notImages(x, "a residual block") }
        let middle = layers.conv1(layers.first(x, &pass), &pass)
        let change = layers.conv2.thenMeanPooled(layers.second(middle, &pass), &pass)
        return change + layers.shortcut(AvgPool2d(2)(x, &pass), &pass)
    }
}

extension ResidualDown: ConfigurableLayer, PreactivationBlock {
    /// `residualDown: 128`, or `residualDown: {outputs: 128, normalisation: layerNorm}`.
    package static let configurationName = "residualDown"
}

/// A 3×3 convolution with padding 1 and a change of size by 2, done as one product: the sum of the
/// shifts of its kernel is a 4×4 kernel of stride 2. That takes 4/9 of the products that the two
/// take in turn, for the same result in exact arithmetic.
extension Conv2d {
    /// This convolution of `[N, H, W, inputs]`, then the mean of each 2×2 window:
    /// `[N, H/2, W/2, outputs]`.
    func thenMeanPooled(_ x: Tensor, _ pass: inout ForwardPass) -> Tensor {
        let taps = [[0.5, 0.5, 0, 0], [0, 0.5, 0.5, 0], [0, 0, 0.5, 0.5]]
        let sums = pass.convolve(x, with: weight) { x, weight in
            x.convolved(spread(weight, taps), ConvolutionGeometry(stride: 2, padding: 1))
        }
        return biased(sums, &pass)
    }

    /// `[N, H, W, inputs]` with each pixel doubled both ways, then this convolution:
    /// `[N, 2·H, 2·W, outputs]`.
    func afterDoubling(_ x: Tensor, _ pass: inout ForwardPass) -> Tensor {
        guard x.rank == 4 else { return .notImages(x, "a convolution") }
        let taps = [[0.0, 0, 1, 1], [0, 1, 1, 0], [1, 1, 0, 0]]
        let sums = pass.convolve(x, with: weight) { x, weight in
            x.convolutionInputGradient(
                spread(weight, taps).transposed([1, 0, 2, 3]),
                ConvolutionGeometry(stride: 2, padding: 1),
                inputSize: (2 * x.shape[1], 2 * x.shape[2]))
        }
        return biased(sums, &pass)
    }

    /// `[outputs, inputs, 3, 3]` → `[outputs, inputs, 4, 4]`: each number of a kernel, times
    /// `taps[its row][row] · taps[its column][column]`, added up.
    private func spread(_ weight: Tensor, _ taps: [[Double]]) -> Tensor {
        var products: [Double] = []
        for rows in taps {
            for columns in taps {
                for row in rows { products += columns.map { row * $0 } }
            }
        }
        let (outputs, inputs) = (weight.shape[0], weight.shape[1])
        return weight.reshaped([outputs * inputs, 9]).matmul(.constant(products, [9, 16]))
            .reshaped([outputs, inputs, 4, 4])
    }

    private func biased(_ sums: Tensor, _ pass: inout ForwardPass) -> Tensor {
        bias.map { sums + pass.value(of: $0) } ?? sums
    }
}
