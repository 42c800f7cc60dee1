/// How a two-dimensional convolution moves over its input, and which channels it joins.
///
/// Activations are `[N, H, W, C]`, weights `[O, C/groups, KH, KW]` as in PyTorch; the sum is a
/// correlation: the kernel is not mirrored. Input and output channels fall into as many groups of
/// neighbours, and each output reads the inputs of its own group alone.
public struct ConvolutionGeometry: Hashable, Sendable, CustomStringConvertible {
    /// Steps between windows, vertically and horizontally, each at least 1.
    public let strideHeight, strideWidth: Int
    /// Rows and columns of zeros around the input.
    public let top, bottom, left, right: Int
    /// Groups of channels, at least 1, a divisor of the input's and of the output's channels.
    public let groups: Int

    /// Equal stride and padding in both directions and on all sides.
    public init(stride: Int = 1, padding: Int = 0, groups: Int = 1) {
        self.init(
            strides: (stride, stride), top: padding, bottom: padding, left: padding, right: padding,
            groups: groups)
    }

    /// Separate strides (vertical, horizontal) and zeros on each side.
    public init(
        strides: (Int, Int), top: Int, bottom: Int, left: Int, right: Int, groups: Int = 1
    ) {
        (strideHeight, strideWidth) = strides
        (self.top, self.bottom, self.left, self.right) = (top, bottom, left, right)
        self.groups = groups
    }

    /// In the form `stride 2×2 pad 1,1,1,1 groups 4`; the zeros are those at top, bottom, left and
    /// right, and one group is left out.
    public var description: String {
        "stride \(strideHeight)×\(strideWidth) pad \(top),\(bottom),\(left),\(right)"
            + (groups == 1 ? "" : " groups \(groups)")
    }

    /// The rows and columns of windows over an input, or nil where not even one fits.
    package func outputSize(height: Int, width: Int, kernel: (Int, Int)) -> (Int, Int)? {
        let (rows, columns) = (height + top + bottom - kernel.0, width + left + right - kernel.1)
        guard rows >= 0, columns >= 0 else { return nil }
        return (rows / strideHeight + 1, columns / strideWidth + 1)
    }

    /// Whether there is such a convolution between so many channels.
    func isValid(inputs: Int, outputs: Int) -> Bool {
        strideHeight > 0 && strideWidth > 0 && min(top, bottom, left, right) >= 0 && groups > 0
            && inputs % groups == 0 && outputs % groups == 0
    }
}

/// The extents of a convolution, whichever of its three tensors is being computed.
package struct ConvolutionExtents: Hashable, Sendable {
    package private(set) var batch: Int
    package let height, width, channels: Int
    package let outputHeight, outputWidth, outputChannels: Int
    package let kernelHeight, kernelWidth: Int
    package let geometry: ConvolutionGeometry

    /// Multiplications and additions of each of the three products.
    package var flops: Int {
        2 * batch * outputHeight * outputWidth * outputChannels * (channels / geometry.groups)
            * kernelHeight * kernelWidth
    }

    package init(input: Shape, weights: Shape, output: Shape, geometry: ConvolutionGeometry) {
        (batch, height, width, channels) = (input[0], input[1], input[2], input[3])
        (outputHeight, outputWidth, outputChannels) = (output[1], output[2], output[3])
        (kernelHeight, kernelWidth) = (weights[2], weights[3])
        self.geometry = geometry
    }

    /// The same convolution of a batch of another size.
    package func with(batch: Int) -> ConvolutionExtents {
        var result = self
        result.batch = batch
        return result
    }

    /// Calls `body` with the element numbers (input, weight, output) of each product in the sum.
    func forEachProduct(_ body: (Int, Int, Int) -> Void) {
        let (inputsOfGroup, outputsOfGroup) = (
            channels / geometry.groups, outputChannels / geometry.groups
        )
        for n in 0..<batch {
            for y in 0..<outputHeight {
                for x in 0..<outputWidth {
                    for a in 0..<kernelHeight {
                        let row = y * geometry.strideHeight + a - geometry.top
                        guard (0..<height).contains(row) else { continue }
                        for b in 0..<kernelWidth {
                            let column = x * geometry.strideWidth + b - geometry.left
                            guard (0..<width).contains(column) else { continue }
                            let input = ((n * height + row) * width + column) * channels
                            let output = ((n * outputHeight + y) * outputWidth + x) * outputChannels
                            for o in 0..<outputChannels {
                                let first = input + o / outputsOfGroup * inputsOfGroup
                                for c in 0..<inputsOfGroup {
                                    let row = (o * inputsOfGroup + c) * kernelHeight + a
                                    body(first + c, row * kernelWidth + b, output + o)
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// `(input, weights)` → output.
package struct Convolution: Operation {
    package let geometry: ConvolutionGeometry
    package var name: String { "convolution" }
    package var attributes: String { "\(geometry)" }

    package func shape(_ operands: [Shape]) throws(ShapeMismatch) -> Shape {
        let (x, w) = (operands[0], operands[1])
        try expect(
            x.rank == 4 && w.rank == 4 && x[3] == w[1] * geometry.groups
                && geometry.isValid(inputs: x[3], outputs: w[0]),
            "an input \(x) in NHWC and weights \(w) in OIHW do not fit with \(geometry)")
        guard let size = geometry.outputSize(height: x[1], width: x[2], kernel: (w[2], w[3])) else {
            throw ShapeMismatch("the kernel of \(w) is larger than the padded input \(x)")
        }
        return [x[0], size.0, size.1, w[0]]
    }
    package func vjp(_ cotangent: Tensor, operands: [Tensor], output: Tensor) -> [Tensor?] {
        let (x, w) = (operands[0], operands[1])
        return [
            cotangent.convolutionInputGradient(
                w, geometry, inputSize: (x.shape[1], x.shape[2])),
            x.convolutionWeightGradient(
                cotangent, geometry, kernel: (w.shape[2], w.shape[3])),
        ]
    }
    package func evaluate(_ operands: [ReferenceTensor], _ clock: RandomClock) -> ReferenceTensor {
        let (x, w) = (operands[0], operands[1])
        let shape = (try? shape([x.shape, w.shape])) ?? []
        var result = ReferenceTensor(shape) { _ in 0 }
        ConvolutionExtents(input: x.shape, weights: w.shape, output: shape, geometry: geometry)
            .forEachProduct { result.values[$2] += x.values[$0] * w.values[$1] }
        return result
    }
    package func flops(_ operands: [Shape], output: Shape) -> Int {
        ConvolutionExtents(
            input: operands[0], weights: operands[1], output: output, geometry: geometry
        ).flops
    }
}

/// `(output cotangent, weights)` → input cotangent: the adjoint in the input, which is also the
/// forward pass of a transposed convolution.
package struct ConvolutionInputGradient: Operation {
    package let geometry: ConvolutionGeometry
    package let height: Int
    package let width: Int
    package var name: String { "convolution_input_gradient" }
    package var attributes: String { "\(geometry) to \(height)×\(width)" }

    package func shape(_ operands: [Shape]) throws(ShapeMismatch) -> Shape {
        let (y, w) = (operands[0], operands[1])
        let fits =
            y.rank == 4 && w.rank == 4 && y[3] == w[0]
            && geometry.isValid(inputs: w[1] * geometry.groups, outputs: w[0])
            && geometry.outputSize(height: height, width: width, kernel: (w[2], w[3]))
                .map { $0 == (y[1], y[2]) } ?? false
        try expect(
            fits,
            "\(y) is not the output of weights \(w) over a \(height)×\(width) input with "
                + "\(geometry)"
        )
        return [y[0], height, width, w[1] * geometry.groups]
    }
    package func vjp(_ cotangent: Tensor, operands: [Tensor], output: Tensor) -> [Tensor?] {
        let (y, w) = (operands[0], operands[1])
        return [
            cotangent.convolved(w, geometry),
            cotangent.convolutionWeightGradient(y, geometry, kernel: (w.shape[2], w.shape[3])),
        ]
    }
    package func evaluate(_ operands: [ReferenceTensor], _ clock: RandomClock) -> ReferenceTensor {
        let (y, w) = (operands[0], operands[1])
        let shape = Shape([y.shape[0], height, width, w.shape[1] * geometry.groups])
        var result = ReferenceTensor(shape) { _ in 0 }
        ConvolutionExtents(input: shape, weights: w.shape, output: y.shape, geometry: geometry)
            .forEachProduct { result.values[$0] += y.values[$2] * w.values[$1] }
        return result
    }
    package func flops(_ operands: [Shape], output: Shape) -> Int {
        ConvolutionExtents(
            input: output, weights: operands[1], output: operands[0], geometry: geometry
        ).flops
    }
}

/// `(input, output cotangent)` → weight cotangent: the adjoint in the weights.
package struct ConvolutionWeightGradient: Operation {
    package let geometry: ConvolutionGeometry
    package let kernelHeight: Int
    package let kernelWidth: Int
    package var name: String { "convolution_weight_gradient" }
    package var attributes: String { "\(geometry) kernel \(kernelHeight)×\(kernelWidth)" }

    package func shape(_ operands: [Shape]) throws(ShapeMismatch) -> Shape {
        let (x, y) = (operands[0], operands[1])
        let fits =
            x.rank == 4 && y.rank == 4 && x[0] == y[0]
            && geometry.isValid(inputs: x[3], outputs: y[3])
            && geometry.outputSize(
                height: x[1], width: x[2], kernel: (kernelHeight, kernelWidth)
            )
            .map { $0 == (y[1], y[2]) } ?? false
        try expect(
            fits,
            "\(y) is not the output of a \(kernelHeight)×\(kernelWidth) kernel over \(x) with "
                + "\(geometry)"
        )
        return [y[3], x[3] / geometry.groups, kernelHeight, kernelWidth]
    }
    package func vjp(_ cotangent: Tensor, operands: [Tensor], output: Tensor) -> [Tensor?] {
        let (x, y) = (operands[0], operands[1])
        return [
            y.convolutionInputGradient(
                cotangent, geometry, inputSize: (x.shape[1], x.shape[2])),
            x.convolved(cotangent, geometry),
        ]
    }
    package func evaluate(_ operands: [ReferenceTensor], _ clock: RandomClock) -> ReferenceTensor {
        let (x, y) = (operands[0], operands[1])
        let shape = Shape([
            y.shape[3], x.shape[3] / geometry.groups, kernelHeight, kernelWidth,
        ])
        var result = ReferenceTensor(shape) { _ in 0 }
        ConvolutionExtents(input: x.shape, weights: shape, output: y.shape, geometry: geometry)
            .forEachProduct { result.values[$1] += x.values[$0] * y.values[$2] }
        return result
    }
    package func flops(_ operands: [Shape], output: Shape) -> Int {
        ConvolutionExtents(
            input: operands[0], weights: output, output: operands[1], geometry: geometry
        ).flops
    }
}

extension Tensor {
    /// The correlation of `[N, H, W, C]` with `weights` `[O, C/groups, KH, KW]`:
    /// `[N, H′, W′, O]`.
    public func convolved(_ weights: Tensor, _ geometry: ConvolutionGeometry) -> Tensor {
        .apply(Convolution(geometry: geometry), self, weights)
    }

    /// The adjoint of ``convolved(_:_:)`` in its input, applied to this `[N, H′, W′, O]`.
    ///
    /// - Parameters:
    ///   - weights: Those of the convolution, `[O, C/groups, KH, KW]`.
    ///   - geometry: That of the convolution.
    ///   - inputSize: H and W of the result, since several sizes can have one output size.
    public func convolutionInputGradient(
        _ weights: Tensor, _ geometry: ConvolutionGeometry, inputSize: (Int, Int)
    ) -> Tensor {
        .apply(
            ConvolutionInputGradient(geometry: geometry, height: inputSize.0, width: inputSize.1),
            self, weights)
    }

    /// The adjoint of ``convolved(_:_:)`` in its weights for this input and an output cotangent.
    ///
    /// - Parameters:
    ///   - outputCotangent: The derivative with respect to the convolution's result,
    ///     `[N, H′, W′, O]`.
    ///   - geometry: That of the convolution.
    ///   - kernel: KH and KW of the result `[O, C/groups, KH, KW]`.
    public func convolutionWeightGradient(
        _ outputCotangent: Tensor, _ geometry: ConvolutionGeometry, kernel: (Int, Int)
    ) -> Tensor {
        .apply(
            ConvolutionWeightGradient(
                geometry: geometry, kernelHeight: kernel.0, kernelWidth: kernel.1),
            self, outputCotangent)
    }
}
