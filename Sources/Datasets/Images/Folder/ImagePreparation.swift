/// What every image of a folder is made into when it is decoded.
///
/// A file is turned upright, converted to sRGB, laid on the background where it is transparent,
/// resized and cut. Grey is the brightness of ITU-R BT.601, as in Pillow and torchvision.
public struct ImagePreparation: Sendable, Hashable {
    /// How an image of another shape is made to fit.
    public enum Fit: String, Sendable, Hashable, CaseIterable {
        /// Resized until it covers everything, then cut to its centre.
        ///
        /// For squares: the shorter side is resized and the centre is cropped.
        case crop
        /// Resized until it fits in whole, with borders in the background's colour.
        case letterbox
    }

    /// A colour in sRGB.
    public struct Colour: Sendable, Hashable {
        /// Each 0…255.
        public var red, green, blue: UInt8

        /// A colour from its three parts, each 0…255.
        public init(red: UInt8, green: UInt8, blue: UInt8) {
            (self.red, self.green, self.blue) = (red, green, blue)
        }

        /// All parts 255.
        public static let white = Colour(red: 255, green: 255, blue: 255)
    }

    /// The longest side that can be asked for, in pixels.
    public static let longestSide = 4096
    /// What a file may take once decoded at full size, unless told otherwise, in bytes: 64 million
    /// pixels in colour.
    public static let defaultDecodedBytes = 192 << 20

    /// H in pixels.
    public let height: Int
    /// W in pixels.
    public let width: Int
    /// C: 1 for grey, 3 for colour.
    public let channels: Int
    /// How an image of another shape is made to fit.
    public let fit: Fit
    /// What is behind transparent pixels and in the borders of a letterbox.
    public let background: Colour
    /// A file that would take more bytes once decoded, or that is longer, is skipped.
    public let decodedBytes: Int
    /// Whether rows and columns are exchanged last, as EMNIST's images have to be turned upright.
    public var isTransposed = false

    /// How many numbers an image has: H·W·C.
    public var imageSize: Int { height * width * channels }

    /// Images of one size and number of channels.
    ///
    /// - Parameters:
    ///   - height: In pixels, 1…4096.
    ///   - width: In pixels, 1…4096.
    ///   - channels: 1 for grey, 3 for colour.
    ///   - fit: How an image of another shape is made to fit.
    ///   - background: What is behind transparent pixels and in the borders of a letterbox.
    ///   - decodedBytes: A file that would take more bytes once decoded is skipped.
    /// - Throws: ``ImageFolderError/preparation(height:width:channels:)``.
    public init(
        height: Int, width: Int, channels: Int = 3, fit: Fit = .crop, background: Colour = .white,
        decodedBytes: Int = defaultDecodedBytes
    ) throws {
        let sides = 1...Self.longestSide
        guard sides.contains(height), sides.contains(width), [1, 3].contains(channels) else {
            throw ImageFolderError.preparation(height: height, width: width, channels: channels)
        }
        self.height = height
        self.width = width
        self.channels = channels
        self.fit = fit
        self.background = background
        self.decodedBytes = max(0, decodedBytes)
    }

    /// A preparation of squares whose sides have `size` pixels, 1…4096.
    public init(size: Int, channels: Int = 3, fit: Fit = .crop, background: Colour = .white) throws
    {
        try self.init(
            height: size, width: size, channels: channels, fit: fit, background: background)
    }
}
