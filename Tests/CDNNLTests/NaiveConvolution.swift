import CDNNL

/// The three convolutions written as the sums that define them, in double precision.
struct NaiveConvolution {
    let shape: cdnnl_convolution_shape

    var outputHeight: Int {
        Int(
            (shape.height + shape.pad_top + shape.pad_bottom - shape.kernel_height)
                / shape.stride_height + 1)
    }
    var outputWidth: Int {
        Int(
            (shape.width + shape.pad_left + shape.pad_right - shape.kernel_width)
                / shape.stride_width + 1)
    }
    var sourceCount: Int { Int(shape.batch * shape.height * shape.width * shape.channels) }
    var weightsCount: Int {
        Int(
            shape.outputs * shape.channels / shape.groups * shape.kernel_height
                * shape.kernel_width)
    }
    var destinationCount: Int {
        Int(shape.batch) * outputHeight * outputWidth * Int(shape.outputs)
    }

    /// `[N, H, W, C]` and `[O, C/groups, KH, KW]` → `[N, H', W', O]`.
    func forward(source: [Float], weights: [Float]) -> [Double] {
        var destination = [Double](repeating: 0, count: destinationCount)
        forEachTerm { s, w, d in destination[d] += Double(source[s]) * Double(weights[w]) }
        return destination
    }

    /// `[O, C/groups, KH, KW]` and `[N, H', W', O]` → `[N, H, W, C]`.
    func backwardData(weights: [Float], destination: [Float]) -> [Double] {
        var source = [Double](repeating: 0, count: sourceCount)
        forEachTerm { s, w, d in source[s] += Double(weights[w]) * Double(destination[d]) }
        return source
    }

    /// `[N, H, W, C]` and `[N, H', W', O]` → `[O, C/groups, KH, KW]`.
    func backwardWeights(source: [Float], destination: [Float]) -> [Double] {
        var weights = [Double](repeating: 0, count: weightsCount)
        forEachTerm { s, w, d in weights[w] += Double(source[s]) * Double(destination[d]) }
        return weights
    }

    /// Calls `body` with the source, weights and destination indices of every product.
    private func forEachTerm(_ body: (Int, Int, Int) -> Void) {
        let (height, width) = (Int(shape.height), Int(shape.width))
        let (channels, outputs) = (Int(shape.channels), Int(shape.outputs))
        let groups = Int(shape.groups)
        let (kernelHeight, kernelWidth) = (Int(shape.kernel_height), Int(shape.kernel_width))
        for n in 0..<Int(shape.batch) {
            for oy in 0..<outputHeight {
                for ox in 0..<outputWidth {
                    for ky in 0..<kernelHeight {
                        let y = oy * Int(shape.stride_height) + ky - Int(shape.pad_top)
                        guard 0..<height ~= y else { continue }
                        for kx in 0..<kernelWidth {
                            let x = ox * Int(shape.stride_width) + kx - Int(shape.pad_left)
                            guard 0..<width ~= x else { continue }
                            let s = ((n * height + y) * width + x) * channels
                            let d = ((n * outputHeight + oy) * outputWidth + ox) * outputs
                            for o in 0..<outputs {
                                let group = o / (outputs / groups)
                                for c in 0..<channels / groups {
                                    let row = (o * (channels / groups) + c) * kernelHeight + ky
                                    body(
                                        s + group * (channels / groups) + c,
                                        row * kernelWidth + kx, d + o)
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}
