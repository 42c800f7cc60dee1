import CVips
public import Foundation

/// Writes an animated GIF of palette indices, frame by frame.
final class IndexedGIFWriter {
    private let pixels: Int
    private var frames = 0
    private var hasEnded = false
    private let gif: OpaquePointer?

    /// - Parameter palette: At most 255 colours.
    init(width: Int, height: Int, palette: [Colour], delay: Double) throws(FigureError) {
        pixels = width * height
        let colours = palette.flatMap { [$0.red, $0.green, $0.blue] }
        let hundredths = delay.isFinite ? (min(max(delay, 0.02), 600) * 100).rounded() : 10
        var gif: OpaquePointer?
        try Native.call("start an animated GIF") {
            cvips_gif_open(
                Int32(width), Int32(height), colours, Int32(palette.count), Int32(hundredths), &gif)
        }
        self.gif = gif
    }

    deinit { cvips_gif_free(gif) }

    /// - Parameter indices: `width * height` indices below the number of colours.
    func append(_ indices: [UInt8]) throws(FigureError) {
        precondition(indices.count == pixels)
        guard !hasEnded else { throw .ended }
        try Native.call("add frame \(frames) to an animated GIF") { cvips_gif_add(gif, indices) }
        frames += 1
    }

    /// The bytes that were encoded since they were last asked for.
    func encoded() -> Data {
        var bytes: UnsafeMutablePointer<UInt8>?
        var count = 0
        cvips_gif_take(gif, &bytes, &count)
        return Native.data(bytes, count: count)
    }

    /// Ends the file.
    ///
    /// - Parameter comment: Stands at its end.
    /// - Returns: The bytes that were not asked for yet.
    func finish(comment: GIFComment? = nil) throws(FigureError) -> Data {
        guard !hasEnded else { throw .ended }
        guard frames > 0 else { throw .noFrames }
        hasEnded = true
        try Native.call("end an animated GIF") { cvips_gif_finish(gif) }
        return comment.map { $0.added(to: encoded()) } ?? encoded()
    }
}

/// A comment at the end of an animated GIF, by which the program that wrote the file knows it
/// again.
public struct GIFComment: Hashable, Sendable {
    private static let end: UInt8 = 0x3B

    private let text: [UInt8]

    /// - Parameter text: Its first 255 bytes count.
    public init(_ text: String) { self.text = Array(text.utf8.prefix(255)) }

    /// Whether a GIF file ends with the comment.
    public func isAtEnd(of file: Data) -> Bool {
        file.starts(with: Data("GIF89a".utf8)) && file.suffix(block.count).elementsEqual(block)
    }

    /// A file's last bytes with the comment.
    fileprivate func added(to bytes: Data) -> Data { bytes.dropLast() + block }

    /// The comment as an extension of the format, and the byte that ends a file.
    ///
    /// Source: GIF89a specification, sections 24 and 27.
    private var block: [UInt8] { [0x21, 0xFE, UInt8(text.count)] + text + [0, Self.end] }
}

/// Reads an animated GIF frame by frame.
public struct GIFReader: Sendable {
    /// How many frames there are, at least 1.
    public let frameCount: Int
    /// The width of each frame in pixels.
    public let width: Int
    /// The height of each frame in pixels.
    public let height: Int
    /// Seconds each frame is shown.
    public let delays: [Double]

    private let gif: [UInt8]

    /// - Throws: `FigureError.library` where the data are no GIF.
    public init(_ data: Data) throws(FigureError) {
        let gif = Array(data)
        var (frames, width, height): (Int32, Int32, Int32) = (0, 0, 0)
        var delays: UnsafeMutablePointer<Int32>?
        try Native.call("read the animated GIF") {
            cvips_gif_describe(gif, gif.count, &frames, &width, &height, &delays)
        }
        defer { cvips_free(delays) }
        self.gif = gif
        frameCount = Int(frames)
        self.width = Int(width)
        self.height = Int(height)
        self.delays = UnsafeBufferPointer(start: delays, count: Int(frames)).map {
            Double($0) / 1000
        }
    }

    /// The frame at `index`, from 0, as it appears when played.
    ///
    /// - Throws: `FigureError.library`, also where there is no such frame.
    /// - Complexity: O(index): frames build on each other.
    public func frame(_ index: Int) throws(FigureError) -> PixelImage {
        var pixels: UnsafeMutablePointer<UInt8>?
        var (width, height, channels): (Int32, Int32, Int32) = (0, 0, 0)
        try Native.call("read frame \(index) of the animated GIF") {
            cvips_gif_frame(
                gif, gif.count, Int32(clamping: index), &pixels, &width, &height, &channels)
        }
        let shape = (width: Int(width), height: Int(height), channels: Int(channels))
        let count = shape.width * shape.height * shape.channels
        return PixelImage(
            trusted: Native.array(pixels, count: count),
            width: shape.width, height: shape.height, channels: shape.channels)
    }
}
