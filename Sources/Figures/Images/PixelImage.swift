import CVips
import Files
public import Foundation

/// A picture as a grid of bytes: rows from top to bottom, channels interleaved (H × W × C).
public struct PixelImage: Equatable, Sendable {
    /// W in pixels, at least 1.
    public let width: Int
    /// H in pixels, at least 1.
    public let height: Int
    /// 1 grey, 2 grey and opacity, 3 red, green and blue, 4 the same and opacity.
    public let channels: Int
    /// `height * width * channels` values.
    public let bytes: [UInt8]

    /// - Throws: `FigureError.unusableSize` or `.wrongPixelCount`.
    public init(
        bytes: [UInt8], width: Int, height: Int, channels: Int
    ) throws(FigureError) {
        try Self.check(bytes.count, width, height, channels)
        self.init(trusted: bytes, width: width, height: height, channels: channels)
    }

    /// An image from numbers −1…1, as generators make them: −1 becomes 0 and 1 becomes 255; what
    /// lies outside is cut off, and NaN becomes 0.
    ///
    /// - Throws: `FigureError.unusableSize` or `.wrongPixelCount`.
    public init(
        values: some Collection<Float>, width: Int, height: Int, channels: Int
    ) throws(FigureError) {
        try Self.check(values.count, width, height, channels)
        let bytes = values.map { value in
            value.isNaN ? 0 : UInt8(min(max((value + 1) * 127.5, 0), 255).rounded())
        }
        self.init(trusted: bytes, width: width, height: height, channels: channels)
    }

    /// Bytes that are known to fit the size.
    init(trusted bytes: [UInt8], width: Int, height: Int, channels: Int) {
        self.bytes = bytes
        self.width = width
        self.height = height
        self.channels = channels
    }

    private static func check(
        _ count: Int, _ width: Int, _ height: Int, _ channels: Int
    ) throws(FigureError) {
        try Native.check(width: width, height: height)
        guard (1...4).contains(channels), count == width * height * channels else {
            throw .wrongPixelCount(
                found: count, width: width, height: height, channels: channels)
        }
    }

    var shape: [Int] { [width, height, channels] }
}

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

/// Texts in a PNG file, which programs that show its properties can read.
package enum PNGText {
    private static let headSize = 8 + 25

    /// A PNG file with texts behind its head; what is no PNG file stays as it is.
    ///
    /// - Parameter texts: By keywords of 1 to 79 Latin letters, digits and spaces; ASCII.
    ///
    /// Source: Portable Network Graphics (third edition), sections 5.3 and 11.3.3.2.
    package static func adding(_ texts: [String: String], to png: Data) -> Data {
        guard png.count > headSize, png.dropFirst(12).prefix(4).elementsEqual("IHDR".utf8) else {
            return png
        }
        var result = Data(png.prefix(headSize))
        for (keyword, text) in texts.sorted(by: { $0.key < $1.key }) {
            result.append(chunk("tEXt", Data(keyword.utf8) + [0] + Data(text.utf8)))
        }
        return result + png.dropFirst(headSize)
    }

    private static func chunk(_ type: String, _ content: Data) -> Data {
        let body = Data(type.utf8) + content
        return number(UInt32(content.count)) + body + number(body.withUnsafeBytes(CRC32.of))
    }

    private static func number(_ value: UInt32) -> Data {
        withUnsafeBytes(of: value.bigEndian) { Data($0) }
    }
}
