package import StrictYAML
public import TensorGraph

/// A convolution; the sum is a correlation, the kernel is not mirrored.
public struct Conv2d: Layer {
    /// `[outputs, inputs/groups, rows, columns]`.
    public let weight: Parameter
    /// `[outputs]`, or nil.
    public let bias: Parameter?
    /// Rows and columns of a window.
    package let kernel: (rows: Int, columns: Int)
    /// Pixels between windows.
    package let stride: Int
    /// Zeros around the input.
    package let padding: ConvolutionPadding
    /// Groups of channels that do not see each other.
    package let groups: Int

    /// Creates `weight` and, where asked for, `bias` in `store`.
    ///
    /// - Parameters:
    ///   - inputs: Channels of the input.
    ///   - outputs: Channels of the output.
    ///   - kernel: Rows and columns of a window.
    ///   - stride: Pixels between windows.
    ///   - padding: Where the zeros around the input go.
    ///   - groups: Into how many groups of neighbours the channels fall, of which each output reads
    ///     its own; a divisor of both numbers of channels.
    ///   - bias: Whether a number is added to each channel of the output.
    ///   - store: Where the parameters are created.
    public init(
        _ inputs: Int, _ outputs: Int, kernel: Int, stride: Int = 1,
        padding: ConvolutionPadding = 0, groups: Int = 1, bias: Bool = true,
        in store: inout ParameterStore
    ) {
        self.init(
            inputs, outputs, kernel: (kernel, kernel), stride: stride, padding: padding,
            groups: groups, bias: bias, in: &store)
    }

    /// As ``init(_:_:kernel:stride:padding:groups:bias:in:)-(_,_,Int,_,_,_,_,_)``, with a kernel
    /// that need not be square.
    ///
    /// - Parameters:
    ///   - inputs: Channels of the input.
    ///   - outputs: Channels of the output.
    ///   - kernel: Rows and columns of a window.
    ///   - stride: Pixels between windows.
    ///   - padding: Where the zeros around the input go.
    ///   - groups: Into how many groups of neighbours the channels fall.
    ///   - bias: Whether a number is added to each channel of the output.
    ///   - store: Where the parameters are created.
    public init(
        _ inputs: Int, _ outputs: Int, kernel: (rows: Int, columns: Int), stride: Int = 1,
        padding: ConvolutionPadding = 0, groups: Int = 1, bias: Bool = true,
        in store: inout ParameterStore
    ) {
        let (read, window) = (inputs / max(groups, 1), kernel.rows * kernel.columns)
        let fans = Fans(read * window, outputs * window)
        weight = store.parameter(
            "weight", [outputs, read, kernel.rows, kernel.columns], .convolutionWeight,
            fans: fans, groups: max(groups, 1), stride: max(stride, 1))
        self.bias = bias ? store.parameter("bias", [outputs], .bias, fans: fans) : nil
        (self.kernel, self.stride) = (kernel, stride)
        (self.padding, self.groups) = (padding, groups)
    }

    /// `[N, H, W, inputs]` → `[N, H′, W′, outputs]`, with H′ = (H + 2·padding − kernel)/stride + 1
    /// rounded down.
    public func callAsFunction(_ x: Tensor, _ pass: inout ForwardPass) -> Tensor {
        guard x.rank == 4 else { return .notImages(x, "a convolution") }
        let geometry = padding.geometry(
            height: x.shape[1], width: x.shape[2], kernel: kernel, stride: stride,
            groups: groups)
        let sums = pass.convolve(x, with: weight) { $0.convolved($1, geometry) }
        return bias.map { sums + pass.value(of: $0) } ?? sums
    }
}

extension Tensor {
    /// The mistake of giving `layer` something that is not a batch of images.
    static func notImages(_ x: Tensor, _ layer: String) -> Tensor {
        .invalid("\(layer) takes images [N, H, W, C], not a tensor of shape \(x.shape)", from: x)
    }
}

extension Conv2d: ConfigurableLayer {
    /// `conv2d: {outputs: 64, kernel: 4, stride: 2, padding: 1, groups: 1, bias: true}`; kernel and
    /// padding may be two numbers, for rows and columns: `kernel: [1, 7], padding: [0, 3]`.
    package static let configurationName = "conv2d"

    package init(
        reading section: ConfigurationSection, input: Shape, in store: inout ParameterStore
    ) throws(ConfigurationError) {
        let inputs = try section.channels(of: input)
        let outputs = try section.value("outputs", .integer(in: LayerLimits.channels))
        let size = try section.value("kernel", .size(in: LayerLimits.window))
        self.init(
            inputs, outputs,
            kernel: (size.height, size.width),
            stride: try section.value("stride", .integer(in: LayerLimits.window), default: 1),
            padding: try ConvolutionPadding(reading: "padding", of: section),
            groups: try section.groups(of: inputs, outputs),
            bias: try section.value("bias", .boolean, default: true), in: &store)
    }
}

extension ConfigurationSection {
    /// `groups: 4`, a divisor of the channels on both sides; 1 by default.
    func groups(of inputs: Int, _ outputs: Int) throws(ConfigurationError) -> Int {
        let groups = try value("groups", .integer(in: LayerLimits.channels), default: 1)
        guard inputs % groups == 0, outputs % groups == 0 else {
            throw invalid(
                "groups",
                "is \(groups), which does not divide \(inputs) channels into \(outputs); give a "
                    + "divisor of both")
        }
        return groups
    }
}
