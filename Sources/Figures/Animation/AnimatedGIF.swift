import CVips
public import Foundation

/// An animation of any pictures of one size, such as a grid of samples over a training, as an
/// animated GIF or WebP.
///
/// Unlike `ScatterAnimation` and `PictureAnimation` it holds all its frames in memory.
public struct AnimatedGIF: Sendable {
    /// The pictures in the order in which they are shown: of one size, all with 1 channel or all
    /// with 3.
    public private(set) var frames: [PixelImage]
    /// Seconds a frame is shown: kept to hundredths, and within 0.02…600.
    public var delay: Double

    /// - Throws: `FigureError.unequalImages` where frames differ in size or have no 1 or 3
    ///   channels.
    public init(frames: [PixelImage] = [], delay: Double = 0.1) throws(FigureError) {
        self.frames = []
        self.delay = delay
        for frame in frames { try append(frame) }
    }

    /// Adds a frame.
    ///
    /// - Throws: `FigureError.unequalImages`.
    public mutating func append(_ frame: PixelImage) throws(FigureError) {
        let expected = frames.first?.shape ?? frame.shape
        guard frame.shape == expected, frame.channels == 1 || frame.channels == 3 else {
            throw .unequalImages(index: frames.count, found: frame.shape, expected: expected)
        }
        frames.append(frame)
    }

    /// The GIF file, which plays for ever.
    ///
    /// - Throws: `FigureError.noFrames` or `.library`.
    public func gifData() throws(FigureError) -> Data {
        var colours = PictureColors()
        for frame in frames { try colours.add(frame) }
        let animation = try PictureAnimation(colours, delay: delay)
        for frame in frames { try animation.append(frame) }
        return try animation.finish()
    }

    /// The same animation as a WebP file: with every grey as it is, in colour at quality 90 of 100.
    ///
    /// - Throws: `FigureError.noFrames` or `.library`.
    public func webpData() throws(FigureError) -> Data {
        let isGrey = frames.allSatisfy { $0.channels == 1 }
        guard let first = frames.first else { throw .noFrames }
        let pixels = frames.flatMap { frame in
            frame.channels == 3 ? frame.bytes : frame.bytes.flatMap { [$0, $0, $0] }
        }
        let milliseconds = delay.isFinite ? (min(max(delay, 0.02), 600) * 100).rounded() * 10 : 100
        var bytes: UnsafeMutablePointer<UInt8>?
        var count = 0
        try Native.call("write an animated WebP") {
            cvips_webp_encode(
                pixels, Int32(first.width), Int32(first.height), 3, Int32(frames.count),
                Int32(milliseconds), isGrey, &bytes, &count)
        }
        return Native.data(bytes, count: count)
    }
}
