import CVips
import Foundation

/// Writes an animated GIF of palette indices, frame by frame.
final class IndexedGIFWriter {
    private let pixels: Int
    private var frames = 0
    private var hasEnded = false
    private let gif: OpaquePointer?

    /// - Parameter palette: At most 255 colours.
    init(width: Int, height: Int, palette: [Color], delay: Double) throws(FigureError) {
        pixels = width * height
        let colors = palette.flatMap { [$0.red, $0.green, $0.blue] }
        let hundredths = delay.isFinite ? (min(max(delay, 0.02), 600) * 100).rounded() : 10
        var gif: OpaquePointer?
        try Native.call("start an animated GIF") {
            cvips_gif_open(
                Int32(width), Int32(height), colors, Int32(palette.count), Int32(hundredths), &gif)
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

    func finish() throws(FigureError) -> Data {
        guard !hasEnded else { throw .ended }
        guard frames > 0 else { throw .noFrames }
        hasEnded = true
        var bytes: UnsafeMutablePointer<UInt8>?
        var count = 0
        try Native.call("end an animated GIF") { cvips_gif_finish(gif, &bytes, &count) }
        return Native.data(bytes, count: count)
    }
}
