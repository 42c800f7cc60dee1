package import StrictYAML
public import TensorGraph

/// A rectangle of an image set to zero, the grey between black and white.
///
/// Along an axis of n pixels it has s = ⌊n·ratio + ½⌋ of them, around a place that is uniform over
/// the image and its edge; what lies outside the image is not there.
///
/// Source: Zhao et al. 2020, arXiv:2006.10738, `rand_cutout` of the reference implementation, whose
/// ratio is 1/2.
public struct Cutout: SampleTransformation {
    /// The rectangle's sides as a share of the image's, 0 ≤ ratio ≤ 1.
    public var ratio: Double
    /// Two: where the middle of the rectangle is, vertically and horizontally.
    public let numbersPerSample = 2

    /// Rectangles of `ratio` of each side.
    public init(ratio: Double = 0.5) { self.ratio = ratio }

    /// The images with a rectangle of zeros: `[N, H, W, C]`.
    public func applied(to images: Tensor, numbers: Tensor, enabled: Tensor) -> Tensor {
        let shape = images.shape
        let rows = covered(shape[1], by: numbers.sliced(axis: 1, 0..<1))
            .reshaped([shape[0], shape[1], 1, 1])
        let columns = covered(shape[2], by: numbers.sliced(axis: 1, 1..<2))
            .reshaped([shape[0], 1, shape[2], 1])
        return images * (1 - enabled.forImages * rows * columns)
    }

    /// One for the pixels of an axis that the rectangle covers: `[N, extent]`.
    private func covered(_ extent: Int, by number: Tensor) -> Tensor {
        let size = Int(Double(extent) * ratio + 0.5)
        // The middle is at ⌊place⌋: the rectangle begins size / 2 pixels before it.
        let place = Tensor(Double(extent + 1 - size % 2)) * number
        let first = Tensor.iota([1, extent], axis: 1) + Tensor(Double(size / 2))
        return (place .< first + 1) * (place .>= first + Tensor(Double(1 - size)))
    }
}

extension Cutout: ConfigurableTransformation {
    /// `cutout: {ratio: 0.5}`.
    package static let configurationName = "cutout"

    package init(reading section: ConfigurationSection) throws(ConfigurationError) {
        section.shorthand(for: "ratio")
        self.init(ratio: try section.value("ratio", .number(in: 0...1), default: 0.5))
    }
}
