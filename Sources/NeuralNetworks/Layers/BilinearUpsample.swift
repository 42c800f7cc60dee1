public import TensorGraph

/// Height and width doubled by linear interpolation.
///
/// Along each axis a result is ¾ of the nearest pixel and ¼ of the next nearest one: zeros are put
/// between the pixels, and the binomial filter [1, 3, 3, 1]/4 goes over them. A constant image
/// stays constant but at its edge, where the zeros around the image take ¼ on each side.
///
/// Source: Karras et al. 2020, appendix B, arXiv:1912.04958; as in R3GAN, arXiv:2501.05441.
public struct BilinearUpsample: Layer {
    /// The layer has no settings.
    public init() {}

    /// `[N, H, W, C]` → `[N, 2·H, 2·W, C]`.
    public func callAsFunction(_ x: Tensor, _ pass: inout ForwardPass) -> Tensor {
        guard x.rank == 4 else { return .notImages(x, "upsampling") }
        return x.convolutionInputGradient(
            BinomialFilter.kernels(x.shape[3], sum: 4), BinomialFilter.geometry(x.shape[3]),
            inputSize: (2 * x.shape[1], 2 * x.shape[2]))
    }
}

extension BilinearUpsample: ConfigurableLayer, WithoutSettings {
    package static let configurationName = "bilinearUpsample"
}

/// The filter by which images are halved and doubled without the patterns that leaving pixels out
/// would make.
package enum BinomialFilter {
    private static let weights = [1.0, 3, 3, 1]

    /// The filter of a pixel's 4×4 surroundings, in row-major order.
    ///
    /// - Parameter sum: What its numbers add up to.
    package static func numbers(sum: Double) -> [Double] {
        weights.flatMap { row in weights.map { row * $0 * sum / 64 } }
    }

    /// The filter for each of `channels` by itself: `[channels, 1, 4, 4]`.
    static func kernels(_ channels: Int, sum: Double) -> Tensor {
        Tensor.constant(numbers(sum: sum), [1, 1, 4, 4]).broadcast(to: [channels, 1, 4, 4])
    }

    /// From the larger image to the smaller one.
    static func geometry(_ channels: Int) -> ConvolutionGeometry {
        ConvolutionGeometry(stride: 2, padding: 1, groups: channels)
    }
}
