public import Foundation

/// An animated GIF of any pictures of one size, written frame by frame in one palette.
///
/// Unlike `AnimatedGIF` it holds no frame in memory: the pictures are gone through twice, once for
/// their colours and once to be encoded.
public final class PictureAnimation {
    private let colours: PictureColors
    private let indices: [UInt8]
    private var frames = 0
    private let writer: IndexedGIFWriter

    /// - Parameters:
    ///   - colours: Those of all pictures that will follow.
    ///   - delay: Seconds a frame is shown: kept to hundredths, and within 0.02…600.
    /// - Throws: `FigureError.noFrames` where no picture was looked at, `.library`.
    public init(_ colours: PictureColors, delay: Double = 0.1) throws(FigureError) {
        guard let (width, height) = colours.size else { throw .noFrames }
        let (palette, indices) = colours.quantised
        (self.colours, self.indices) = (colours, indices)
        writer = try IndexedGIFWriter(
            width: width, height: height, palette: palette, delay: delay)
    }

    /// Adds a frame.
    ///
    /// - Throws: `FigureError.unequalImages` for a picture of another size, `.ended`, `.library`.
    public func append(_ picture: PixelImage) throws(FigureError) {
        try colours.check(picture, index: frames)
        frames += 1
        var frame: [UInt8] = []
        frame.reserveCapacity(picture.width * picture.height)
        PictureColors.forEachClass(of: picture) { frame.append(indices[$0]) }
        try writer.append(frame)
    }

    /// The bytes of the GIF file that were encoded since they were last asked for.
    public func encoded() -> Data { writer.encoded() }

    /// Ends the animation, which plays for ever.
    ///
    /// - Parameter comment: Stands at the end of the file.
    /// - Returns: The GIF file, without the bytes that ``encoded()`` gave.
    /// - Throws: `FigureError.noFrames`, `.ended` at the second call, `.library`.
    public func finish(comment: GIFComment? = nil) throws(FigureError) -> Data {
        try writer.finish(comment: comment)
    }
}

/// How often which colours occur in pictures of one size, in memory that does not depend on their
/// number.
public struct PictureColors: Sendable {
    /// Colours that share the high bits of each channel are one.
    private static let bits = 6

    private var counts = [Int](repeating: 0, count: 1 << (3 * bits))
    /// The pictures' width and height; nil before the first one.
    private(set) var size: (width: Int, height: Int)?
    private var pictures = 0

    /// No picture yet.
    public init() {}

    /// Looks at a picture.
    ///
    /// - Throws: `FigureError.unequalImages` for one of another size than the first, or one that
    ///   has neither 1 nor 3 channels.
    public mutating func add(_ picture: PixelImage) throws(FigureError) {
        try check(picture, index: pictures)
        size = (picture.width, picture.height)
        pictures += 1
        Self.forEachClass(of: picture) { counts[$0] += 1 }
    }

    /// - Parameter index: The picture's place, for the error.
    func check(_ picture: PixelImage, index: Int) throws(FigureError) {
        let (width, height) = size ?? (picture.width, picture.height)
        guard picture.width == width, picture.height == height, [1, 3].contains(picture.channels)
        else {
            throw .unequalImages(
                index: index, found: picture.shape, expected: [width, height, 3])
        }
    }

    /// A palette of at most 255 colours, and for each class the index of its colour there.
    var quantised: (palette: [Colour], indices: [UInt8]) {
        let classes = counts.indices.filter { counts[$0] > 0 }
        let samples = classes.map {
            ColourQuantiser.Sample(colour: Self.colour(ofClass: $0), weight: Float(counts[$0]))
        }
        let (palette, assignment) = ColourQuantiser.quantised(samples, to: 255)
        var indices = [UInt8](repeating: 0, count: counts.count)
        for (place, index) in zip(classes, assignment) { indices[place] = index }
        return (palette, indices)
    }

    /// Calls `body` with the class of every pixel, in order.
    static func forEachClass(of picture: PixelImage, _ body: (Int) -> Void) {
        let rest = 8 - bits
        picture.bytes.withUnsafeBufferPointer { bytes in
            guard picture.channels == 3 else {
                for byte in bytes {
                    let level = Int(byte >> rest)
                    body(level << (2 * bits) | level << bits | level)
                }
                return
            }
            for start in stride(from: 0, to: bytes.count, by: 3) {
                let red = Int(bytes[start] >> rest) << (2 * bits)
                body(red | Int(bytes[start + 1] >> rest) << bits | Int(bytes[start + 2] >> rest))
            }
        }
    }

    /// A colour in the middle of a class, with black and white as they are.
    private static func colour(ofClass place: Int) -> SIMD3<Float> {
        let last = 1 << bits - 1
        let levels = SIMD3(place >> (2 * bits), place >> bits & last, place & last)
        return SIMD3(Float(levels.x), Float(levels.y), Float(levels.z)) * (255 / Float(last))
    }
}
