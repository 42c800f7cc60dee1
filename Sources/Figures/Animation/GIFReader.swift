import CVips
public import Foundation

/// Reads an animated GIF frame by frame.
public struct GIFReader: Sendable {
    public let frameCount: Int
    public let width: Int
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
