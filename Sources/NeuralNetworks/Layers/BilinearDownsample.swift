public import TensorGraph

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
