import TensorGraph

/// A 3×3 convolution with padding 1 and a change of size by 2, done as one product: the sum of the
/// shifts of its kernel is a 4×4 kernel of stride 2. That takes 4/9 of the products that the two
/// take in turn, for the same result in exact arithmetic.
extension Conv2d {
    /// This convolution of `[N, H, W, inputs]`, then the mean of each 2×2 window:
    /// `[N, H/2, W/2, outputs]`.
    func thenMeanPooled(_ x: Tensor, _ pass: inout ForwardPass) -> Tensor {
        let taps = [[0.5, 0.5, 0, 0], [0, 0.5, 0.5, 0], [0, 0, 0.5, 0.5]]
        let kernels = spread(pass.value(of: weight), taps)
        return biased(x.convolved(kernels, ConvolutionGeometry(stride: 2, padding: 1)), &pass)
    }

    /// `[N, H, W, inputs]` with each pixel doubled both ways, then this convolution:
    /// `[N, 2·H, 2·W, outputs]`.
    func afterDoubling(_ x: Tensor, _ pass: inout ForwardPass) -> Tensor {
        guard x.rank == 4 else { return .notImages(x, "a convolution") }
        let taps = [[0.0, 0, 1, 1], [0, 1, 1, 0], [1, 1, 0, 0]]
        let kernels = spread(pass.value(of: weight), taps).transposed([1, 0, 2, 3])
        let sums = x.convolutionInputGradient(
            kernels, ConvolutionGeometry(stride: 2, padding: 1),
            inputSize: (2 * x.shape[1], 2 * x.shape[2]))
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
