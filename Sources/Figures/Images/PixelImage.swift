/// A picture as a grid of bytes: rows from top to bottom, channels interleaved (H × W × C).
public struct PixelImage: Equatable, Sendable {
    public let width: Int
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
