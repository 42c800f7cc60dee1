import CVips
public import Foundation

extension PixelImage {
    /// Reads a PNG file as 8 bits per channel: palettes are expanded, 16 bits cut to 8.
    ///
    /// - Throws: `FigureError.library` where the data are no whole PNG, or more than 1 GiB of
    ///   pixels.
    public init(pngData: Data) throws(FigureError) {
        let png = Array(pngData)
        var pixels: UnsafeMutablePointer<UInt8>?
        var (width, height, channels): (Int32, Int32, Int32) = (0, 0, 0)
        try Native.call("read the PNG image") {
            cvips_png_decode(png, png.count, 1 << 30, &pixels, &width, &height, &channels)
        }
        let shape = (width: Int(width), height: Int(height), channels: Int(channels))
        let count = shape.width * shape.height * shape.channels
        self.init(
            trusted: Native.array(pixels, count: count),
            width: shape.width, height: shape.height, channels: shape.channels)
    }

    /// The image as a PNG file, 8 bits per channel, without metadata.
    ///
    /// - Throws: `FigureError.library`.
    public func pngData() throws(FigureError) -> Data {
        var png: UnsafeMutablePointer<UInt8>?
        var count = 0
        try Native.call("write the PNG image") {
            cvips_png_encode(bytes, Int32(width), Int32(height), Int32(channels), &png, &count)
        }
        return Native.data(png, count: count)
    }
}
