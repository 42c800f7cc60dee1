package import StrictYAML
public import TensorGraph

/// Each pixel repeated: enlargement by a whole factor with the nearest neighbour.
public struct Upsample: Layer {
    /// Rows and columns that a pixel becomes.
    package let factor: Int

    /// A layer that makes height and width `factor` times as large, at least 1.
    public init(factor: Int = 2) { self.factor = factor }

    /// `[N, H, W, C]` → `[N, H·factor, W·factor, C]`.
    public func callAsFunction(_ x: Tensor, _ pass: inout ForwardPass) -> Tensor {
        guard x.rank == 4 else { return .notImages(x, "upsampling") }
        guard factor > 0 else {
            return .invalid("images cannot be enlarged by a factor of \(factor)", from: x)
        }
        let (n, h, w, c) = (x.shape[0], x.shape[1], x.shape[2], x.shape[3])
        return x.broadcast(to: [n, h, factor, w, factor, c], axes: [0, 1, 3, 5])
            .reshaped([n, h * factor, w * factor, c])
    }
}

extension Upsample: ConfigurableLayer {
    /// `upsample`, or `upsample: 4`.
    package static let configurationName = "upsample"

    package init(
        reading section: ConfigurationSection, input: Shape, in store: inout ParameterStore
    ) throws(ConfigurationError) {
        section.shorthand(for: "factor")
        self.init(factor: try section.value("factor", .integer(in: LayerLimits.window), default: 2))
    }
}

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

/// Height and width halved after a filter against aliasing.
///
/// The binomial filter [1, 3, 3, 1]/8 goes over each axis in steps of 2. A constant image stays
/// constant but at its edge, where the zeros around the image take ⅛ on each side; an odd row or
/// column at the end is read and has no pixel of its own.
///
/// Source: Karras et al. 2020, appendix B, arXiv:1912.04958; as in R3GAN, arXiv:2501.05441.
public struct BilinearDownsample: Layer {
    /// The layer has no settings.
    public init() {}

    /// `[N, H, W, C]` → `[N, H/2, W/2, C]`, rounded down.
    public func callAsFunction(_ x: Tensor, _ pass: inout ForwardPass) -> Tensor {
        guard x.rank == 4 else { return .notImages(x, "downsampling") }
        return x.convolved(
            BinomialFilter.kernels(x.shape[3], sum: 1), BinomialFilter.geometry(x.shape[3]))
    }
}

extension BilinearDownsample: ConfigurableLayer, WithoutSettings {
    package static let configurationName = "bilinearDownsample"
}
