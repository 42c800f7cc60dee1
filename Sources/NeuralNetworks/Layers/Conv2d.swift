package import StrictYAML
public import TensorGraph

/// A convolution with a square kernel; the sum is a correlation, the kernel is not mirrored.
public struct Conv2d: Layer {
    /// `[outputs, inputs, kernel, kernel]`.
    public let weight: Parameter
    /// `[outputs]`, or nil.
    public let bias: Parameter?
    /// Rows and columns of a window.
    package let kernel: Int
    /// Pixels between windows.
    package let stride: Int
    /// Zeros around the input.
    package let padding: ConvolutionPadding

    /// Creates `weight` and, where asked for, `bias` in `store`.
    ///
    /// - Parameters:
    ///   - inputs: Channels of the input.
    ///   - outputs: Channels of the output.
    ///   - kernel: Rows and columns of a window.
    ///   - stride: Pixels between windows.
    public init(
        _ inputs: Int, _ outputs: Int, kernel: Int, stride: Int = 1,
        padding: ConvolutionPadding = 0, bias: Bool = true, in store: inout ParameterStore
    ) {
        let fans = Fans(inputs * kernel * kernel, outputs * kernel * kernel)
        weight = store.parameter(
            "weight", [outputs, inputs, kernel, kernel], .convolutionWeight, fans: fans)
        self.bias = bias ? store.parameter("bias", [outputs], .bias, fans: fans) : nil
        (self.kernel, self.stride, self.padding) = (kernel, stride, padding)
    }

    /// `[N, H, W, inputs]` → `[N, H′, W′, outputs]`, with H′ = (H + 2·padding − kernel)/stride + 1
    /// rounded down.
    public func callAsFunction(_ x: Tensor, _ pass: inout ForwardPass) -> Tensor {
        guard x.rank == 4 else { return .notImages(x, "a convolution") }
        let geometry = padding.geometry(
            height: x.shape[1], width: x.shape[2], kernel: kernel, stride: stride)
        let sums = x.convolved(pass.value(of: weight), geometry)
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
    /// `conv2d: {outputs: 64, kernel: 4, stride: 2, padding: 1, bias: true}`.
    package static let configurationName = "conv2d"

    package init(
        reading section: ConfigurationSection, input: Shape, in store: inout ParameterStore
    ) throws(ConfigurationError) {
        self.init(
            try section.channels(of: input),
            try section.integer("outputs", in: LayerLimits.channels),
            kernel: try section.integer("kernel", in: LayerLimits.window),
            stride: try section.integer("stride", default: 1, in: LayerLimits.window),
            padding: try ConvolutionPadding(reading: "padding", of: section),
            bias: try section.boolean("bias", default: true), in: &store)
    }
}
