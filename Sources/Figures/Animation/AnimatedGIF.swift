import CVips
public import Foundation

/// An animation of any pictures of one size, such as a grid of samples over a training, as an
/// animated GIF or WebP.
///
/// Unlike `ScatterAnimation` it holds all its frames in memory and finds a palette for them itself.
public struct AnimatedGIF: Sendable {
    public private(set) var frames: [PixelImage]
    /// Seconds a frame is shown, kept to hundredths; at least 0.02.
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
        try encoded("write an animated GIF") { pixels, width, height, delay, bytes, count in
            cvips_gif_encode(
                pixels, width, height, 3, Int32(frames.count), delay, &bytes, &count)
        }
    }

    /// The same animation as a WebP file: with every grey as it is, in colour at quality 90 of 100.
    ///
    /// - Throws: `FigureError.noFrames` or `.library`.
    public func webpData() throws(FigureError) -> Data {
        let isGrey = frames.allSatisfy { $0.channels == 1 }
        return try encoded("write an animated WebP") { pixels, width, height, delay, bytes, count in
            cvips_webp_encode(
                pixels, width, height, 3, Int32(frames.count), delay, isGrey, &bytes, &count)
        }
    }

    private typealias Encoder = (
        _ pixels: [UInt8], _ width: Int32, _ height: Int32, _ delay: Int32,
        _ bytes: inout UnsafeMutablePointer<UInt8>?, _ count: inout Int
    ) -> UnsafeMutablePointer<CChar>?

    private func encoded(_ task: String, _ encode: Encoder) throws(FigureError) -> Data {
        guard let first = frames.first else { throw .noFrames }
        let pixels = frames.flatMap { frame in
            frame.channels == 3 ? frame.bytes : frame.bytes.flatMap { [$0, $0, $0] }
        }
        let milliseconds = delay.isFinite ? (min(max(delay, 0.02), 600) * 100).rounded() * 10 : 100
        var bytes: UnsafeMutablePointer<UInt8>?
        var count = 0
        try Native.call(task) {
            encode(
                pixels, Int32(first.width), Int32(first.height), Int32(milliseconds), &bytes, &count
            )
        }
        return Native.data(bytes, count: count)
    }
}
