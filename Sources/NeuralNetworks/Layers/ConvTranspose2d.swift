package import StrictYAML
public import TensorGraph

/// A transposed convolution: the adjoint of ``Conv2d`` in its input, which enlarges images.
public struct ConvTranspose2d: Layer {
    /// `[inputs, outputs/groups, kernel, kernel]`.
    public let weight: Parameter
    /// `[outputs]`, or nil.
    public let bias: Parameter?
    /// Rows and columns of a window.
    package let kernel: Int
    /// Pixels of the output between windows.
    package let stride: Int
    /// What is cut from the output.
    package let padding: ConvolutionPadding
    /// Groups of channels that do not see each other.
    package let groups: Int
    private let outputPadding: Int

    /// Creates `weight` and, where asked for, `bias` in `store`.
    ///
    /// - Parameters:
    ///   - inputs: Channels of the input.
    ///   - outputs: Channels of the output.
    ///   - kernel: Rows and columns of a window.
    ///   - stride: Pixels of the output between the windows of neighbouring inputs.
    ///   - padding: Rows and columns cut from the output on each side.
    ///   - outputPadding: Further rows and columns of output at the bottom and right, less than the
    ///     stride: sizes that one convolution maps to the same input size. Unused with `.same`.
    ///   - groups: Into how many groups of neighbours the channels fall, of which each output reads
    ///     its own; a divisor of both numbers of channels.
    ///   - bias: Whether a number is added to each channel of the output.
    ///   - store: Where the parameters are created.
    public init(
        _ inputs: Int, _ outputs: Int, kernel: Int, stride: Int = 1,
        padding: ConvolutionPadding = 0, outputPadding: Int = 0, groups: Int = 1,
        bias: Bool = true, in store: inout ParameterStore
    ) {
        let fed = outputs / max(groups, 1)
        let fans = Fans(fed * kernel * kernel, inputs * kernel * kernel)
        weight = store.parameter(
            "weight", [inputs, fed, kernel, kernel], .transposedConvolutionWeight, fans: fans,
            groups: max(groups, 1), stride: max(stride, 1))
        self.bias = bias ? store.parameter("bias", [outputs], .bias, fans: fans) : nil
        (self.kernel, self.stride) = (kernel, stride)
        (self.padding, self.outputPadding, self.groups) = (padding, outputPadding, groups)
    }

    /// `[N, H, W, inputs]` → `[N, H′, W′, outputs]`, with
    /// H′ = (H − 1)·stride − 2·padding + kernel + outputPadding.
    public func callAsFunction(_ x: Tensor, _ pass: inout ForwardPass) -> Tensor {
        guard x.rank == 4 else { return .notImages(x, "a transposed convolution") }
        let (height, width) = outputSize(height: x.shape[1], width: x.shape[2])
        guard height >= 0, width >= 0 else {
            return .invalid(
                "the padding of a transposed convolution leaves nothing of \(x.shape)", from: x)
        }
        let geometry = padding.geometry(
            height: height, width: width, kernel: (kernel, kernel), stride: stride, groups: groups)
        let sums = pass.convolve(x, with: weight) {
            $0.convolutionInputGradient($1, geometry, inputSize: (height, width))
        }
        return bias.map { sums + pass.value(of: $0) } ?? sums
    }

    /// Rows and columns of the output for those of the input.
    package func outputSize(height: Int, width: Int) -> (height: Int, width: Int) {
        let size = { (inputs: Int, padding: Int) in
            (inputs - 1) * stride - 2 * padding + kernel + outputPadding
        }
        return switch padding {
        case .same: (height * stride, width * stride)
        case .symmetric(let padding): (size(height, padding), size(width, padding))
        case .rowsAndColumns(let rows, let columns): (size(height, rows), size(width, columns))
        }
    }
}

extension ConvTranspose2d: ConfigurableLayer {
    /// `convTranspose2d: {outputs: 64, kernel: 4, stride: 2, padding: 1, outputPadding: 0,
    /// groups: 1, bias: true}`; without `outputPadding` where the padding is `same`.
    package static let configurationName = "convTranspose2d"

    package init(
        reading section: ConfigurationSection, input: Shape, in store: inout ParameterStore
    ) throws(ConfigurationError) {
        let inputs = try section.channels(of: input)
        let outputs = try section.value("outputs", .integer(in: LayerLimits.channels))
        let kernel = try section.value("kernel", .integer(in: LayerLimits.window))
        let stride = try section.value("stride", .integer(in: LayerLimits.window), default: 1)
        let padding = try ConvolutionPadding(reading: "padding", of: section)
        let outputPadding =
            padding == .same
            ? 0 : try section.value("outputPadding", .integer(in: 0...stride - 1), default: 0)
        self.init(
            inputs, outputs, kernel: kernel, stride: stride, padding: padding,
            outputPadding: outputPadding, groups: try section.groups(of: inputs, outputs),
            bias: try section.value("bias", .boolean, default: true), in: &store)
    }
}
