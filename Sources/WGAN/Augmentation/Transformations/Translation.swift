package import StrictYAML
public import TensorGraph

/// An image moved by whole pixels along both axes, zeros behind it.
///
/// A distance along an axis of n pixels is uniform in −s…s with s = ⌊n·ratio + ½⌋. The image is
/// multiplied with matrices of zeros and ones that choose its rows and columns, each image with its
/// own: derivatives of any order are those of matrix products.
///
/// Source: Zhao et al. 2020, arXiv:2006.10738, `rand_translation` of the reference implementation,
/// whose ratio is 1/8.
public struct Translation: SampleTransformation {
    /// The largest distance as a share of the image's extent, 0 ≤ ratio ≤ 1.
    public var ratio: Double
    /// Two: how far the image moves, vertically and horizontally.
    public let numbersPerSample = 2

    /// Moves by at most `ratio` of the image.
    public init(ratio: Double = 0.125) { self.ratio = ratio }

    /// The images moved, with zeros where there was no pixel: `[N, H, W, C]`.
    public func applied(to images: Tensor, numbers: Tensor, enabled: Tensor) -> Tensor {
        let shape = images.shape
        let (count, height, width, channels) = (shape[0], shape[1], shape[2], shape[3])
        let rows = choice(of: height, by: numbers.sliced(axis: 1, 0..<1), enabled)
        let columns = choice(of: width, by: numbers.sliced(axis: 1, 1..<2), enabled)
        let moved = rows.matmul(images.reshaped([count, height, width * channels]))
        let turned = moved.reshaped(shape).transposed([0, 2, 1, 3])
        return columns.matmul(turned.reshaped([count, width, height * channels]))
            .reshaped([count, width, height, channels]).transposed([0, 2, 1, 3])
    }

    /// For each image a matrix whose product with its rows, or columns, is the moved image:
    /// `[N, extent, extent]`, element (i, j) one where j − i is the distance.
    private func choice(of extent: Int, by number: Tensor, _ enabled: Tensor) -> Tensor {
        let most = Int(Double(extent) * ratio + 0.5)
        let count = number.shape[0]
        // In units of a pixel, 0 ≤ v < 2·most + 1; most + ½ stands for no move.
        let middle = Double(most) + 0.5
        let free = Tensor(Double(2 * most + 1)) * number - Tensor(middle)
        let place = (enabled * free + Tensor(middle)).reshaped([count, 1, 1])
        let square: Shape = [1, extent, extent]
        let distance =
            Tensor.iota(square, axis: 2) - .iota(square, axis: 1) + Tensor(Double(most))
        return (place .>= distance) * (place .< distance + 1)
    }
}

extension Translation: ConfigurableTransformation {
    /// `translation: {ratio: 0.125}`.
    package static let configurationName = "translation"

    package init(reading section: ConfigurationSection) throws(ConfigurationError) {
        section.shorthand(for: "ratio")
        self.init(ratio: try section.value("ratio", .number(in: 0...1), default: 0.125))
    }
}
