/// Weights of red, green and blue that make one channel.
struct ColourWeights: Sendable {
    let red: Double
    let green: Double
    let blue: Double

    init(_ red: Double, _ green: Double, _ blue: Double) {
        self.red = red
        self.green = green
        self.blue = blue
    }

    /// Brightness: Y of YIQ.
    static let luminance = ColourWeights(0.299, 0.587, 0.114)
}

extension SampleImage {
    /// A weighted sum of the channels; a grey image counts as equal red, green and blue.
    func channel(_ weights: ColourWeights) -> Plane {
        Plane.sum(
            channels == 1 ? [planes[0], planes[0], planes[0]] : planes,
            weights: [weights.red, weights.green, weights.blue])
    }

    /// The brightness; of a grey image its only channel, unchanged.
    var luminance: Plane { channels == 1 ? planes[0] : channel(.luminance) }

    /// The image with each channel pooled; see ``Plane/pooled(_:)``.
    func pooled(_ size: Int) -> SampleImage {
        SampleImage(planes: planes.map { $0.pooled(size) })
    }
}
