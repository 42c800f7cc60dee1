import CVips
public import Foundation

/// A picture that can be written as SVG, PDF and PNG.
///
/// Every figure stands on a white card of its own, so that it reads the same on light and dark
/// pages. Sizes are in pixels of 1/96 inch, as in SVG.
public protocol Figure: Sendable {
    /// What the figure shows; also read aloud by screen readers. May be empty.
    var title: String { get }

    /// The size of the whole figure.
    var size: FigureSize { get }

    /// Draws the figure with its top left corner at the origin, without the card.
    func draw(into svg: inout SVGWriter)
}

/// Width and height in pixels of 1/96 inch.
public struct FigureSize: Equatable, Sendable {
    /// The width in pixels of 1/96 inch.
    public var width: Double
    /// The height in pixels of 1/96 inch.
    public var height: Double

    /// A size, which is not checked before a figure is drawn as pixels.
    public init(_ width: Double, _ height: Double) {
        self.width = width
        self.height = height
    }
}

extension Figure {
    /// The figure as the text of an SVG document, without an XML declaration, so that it can also
    /// be put into an HTML page as it is.
    public var svg: String {
        var writer = SVGWriter()
        let (width, height) = (size.width, size.height)
        let document: KeyValuePairs<String, SVGValue> = [
            "xmlns": "http://www.w3.org/2000/svg",
            "xmlns:xlink": "http://www.w3.org/1999/xlink",
            "width": .number(width), "height": .number(height),
            "viewBox": .numbers([0, 0, width, height]),
            "role": "img", "font-family": .text(Style.fonts),
        ]
        writer.element("svg", document) { writer in
            if !title.isEmpty { writer.element("title", text: title) }
            writer.element(
                "rect",
                [
                    "width": .number(width), "height": .number(height),
                    "fill": .colour(Style.card),
                ])
            draw(into: &writer)
        }
        return writer.markup
    }

    /// The figure as a file of SVG, in UTF-8.
    public var svgData: Data {
        Data(("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n" + svg + "\n").utf8)
    }
}

extension Figure {
    /// Draws the figure as pixels.
    ///
    /// - Parameter scale: Pixels per pixel of 1/96 inch: 1 for a plain screen, 2 for a fine one,
    ///   3.125 for 300 dots per inch.
    /// - Returns: An RGB image of `size` times `scale`, rounded up.
    /// - Throws: `FigureError.unusableSize` or `.library`.
    public func image(scale: Double = 1) throws(FigureError) -> PixelImage {
        let sides = [size.width * scale, size.height * scale].map { side in
            side.isFinite && side < 1e6 ? Int(side.rounded(.up)) : Int.max
        }
        try Native.check(width: sides[0], height: sides[1])
        let svg = Array(self.svg.utf8)
        var pixels: UnsafeMutablePointer<UInt8>?
        try Native.call("draw the figure “\(title)”") {
            cvips_svg_render(svg, svg.count, Int32(sides[0]), Int32(sides[1]), &pixels)
        }
        let count = sides[0] * sides[1] * 3
        return PixelImage(
            trusted: Native.array(pixels, count: count),
            width: sides[0], height: sides[1], channels: 3)
    }

    /// The figure as a PNG file.
    ///
    /// - Parameter scale: As for `image(scale:)`.
    /// - Throws: `FigureError.unusableSize` or `.library`.
    public func pngData(scale: Double = 2) throws(FigureError) -> Data {
        try image(scale: scale).pngData()
    }

    /// The figure as a PDF file of one page, with text and lines kept as such.
    ///
    /// - Throws: `FigureError.library`.
    public func pdfData() throws(FigureError) -> Data {
        let svg = Array(self.svg.utf8)
        var bytes: UnsafeMutablePointer<UInt8>?
        var count = 0
        let points = 0.75
        try Native.call("write the figure “\(title)” as PDF") {
            cvips_svg_to_pdf(
                svg, svg.count, size.width * points, size.height * points, &bytes, &count)
        }
        return Native.data(bytes, count: count)
    }
}

/// A figure that cannot be drawn, written or read.
public enum FigureError: Error, Equatable, Sendable, CustomStringConvertible {
    /// Images of one grid or animation differ in size or kind: the place of the odd one (counted
    /// from 0) with its width, height and channels, and those of the first.
    case unequalImages(index: Int, found: [Int], expected: [Int])
    /// A number of pixels or values that does not fit the stated width, height and channels.
    case wrongPixelCount(found: Int, width: Int, height: Int, channels: Int)
    /// A size in pixels outside what can be drawn.
    case unusableSize(width: Int, height: Int, limit: Int)
    /// An animation without frames.
    case noFrames
    /// An animation that was given a frame, or was ended, after its end.
    case ended
    /// A library failed; its own words follow.
    case library(task: String, reason: String)

    /// One sentence: what is wrong and, where there is something, what to do.
    public var description: String {
        switch self {
        case .unequalImages(let index, let found, let expected):
            "Image \(index) is \(Self.shape(found)) and the first is \(Self.shape(expected)): "
                + "give images of one size with 1 or 3 channels."
        case .wrongPixelCount(let found, let width, let height, let channels):
            "An image of \(width) × \(height) pixels and \(channels) channels got \(found) values: "
                + "give exactly width · height · channels, with 1 to 4 channels."
        case .unusableSize(let width, let height, let limit):
            "A picture of \(width) × \(height) pixels cannot be drawn: "
                + "choose a size and scale with sides between 1 and \(limit) pixels."
        case .noFrames:
            "The animation has no frames: add at least one before it is written."
        case .ended:
            "The animation has already been finished: start a new one for further frames."
        case .library(let task, let reason):
            "Cannot \(task): \(reason)."
        }
    }

    private static func shape(_ sides: [Int]) -> String {
        sides.map(String.init).joined(separator: " × ")
    }
}

/// The bridge to the C module: messages become errors, and C memory becomes Swift values.
enum Native {
    /// The longest side of a picture, in pixels; GIF and cairo go no further.
    static let longestSide = 32_767

    /// Runs a C call that returns NULL or a message.
    static func call(
        _ task: String, _ body: () -> UnsafeMutablePointer<CChar>?
    ) throws(FigureError) {
        guard let message = body() else { return }
        defer { cvips_free(message) }
        throw .library(task: task, reason: String(cString: message))
    }

    /// Takes over memory from C.
    static func data(_ bytes: UnsafeMutablePointer<UInt8>?, count: Int) -> Data {
        guard let bytes else { return Data() }
        return Data(
            bytesNoCopy: bytes, count: count,
            deallocator: .custom { pointer, _ in
                cvips_free(pointer)
            })
    }

    /// Copies and frees memory from C.
    static func array(_ bytes: UnsafeMutablePointer<UInt8>?, count: Int) -> [UInt8] {
        defer { cvips_free(bytes) }
        return Array(UnsafeBufferPointer(start: bytes, count: bytes == nil ? 0 : count))
    }

    static func check(width: Int, height: Int) throws(FigureError) {
        guard (1...longestSide).contains(width), (1...longestSide).contains(height) else {
            throw .unusableSize(width: width, height: height, limit: longestSide)
        }
    }
}

/// The look that all figures share.
enum Style {
    static let card = Colour(0xFFFFFF)
    static let ink = Colour(0x1F2328)
    static let fadedInk = Colour(0x59636E)
    static let axis = Colour(0x8C959F)
    static let grid = Colour(0xE7EAED)
    static let fonts = "Helvetica Neue, Helvetica, Arial, Liberation Sans, DejaVu Sans, sans-serif"

    static let titleSize = 14.0
    static let labelSize = 12.0
    static let tickSize = 11.0

    /// A generous guess at a text's width, good enough to keep texts apart: the exact width depends
    /// on the fonts of the machine that shows the figure.
    static func width(of text: String, size: Double) -> Double {
        Double(text.count) * size * 0.62
    }
}

/// An opaque colour of the screen's colour space, sRGB.
public struct Colour: Hashable, Sendable {
    /// The red part, 0…255.
    public var red: UInt8
    /// The green part, 0…255.
    public var green: UInt8
    /// The blue part, 0…255.
    public var blue: UInt8

    /// A colour of these parts, each 0…255.
    public init(red: UInt8, green: UInt8, blue: UInt8) {
        self.red = red
        self.green = green
        self.blue = blue
    }

    /// The colour `0xRRGGBB`; higher bits are ignored.
    public init(_ hex: UInt32) {
        self.init(
            red: UInt8(truncatingIfNeeded: hex >> 16), green: UInt8(truncatingIfNeeded: hex >> 8),
            blue: UInt8(truncatingIfNeeded: hex))
    }
}

extension Colour {
    /// The first colour of ``palette``: `#0077bb`.
    public static let blue = Colour(0x0077BB)
    /// The second colour of ``palette``: `#ee7733`.
    public static let orange = Colour(0xEE7733)
    /// The third colour of ``palette``: `#009988`.
    public static let teal = Colour(0x009988)
    /// The fourth colour of ``palette``: `#ee3377`.
    public static let magenta = Colour(0xEE3377)
    /// The fifth colour of ``palette``: `#33bbee`.
    public static let cyan = Colour(0x33BBEE)
    /// The sixth colour of ``palette``: `#cc3311`.
    public static let red = Colour(0xCC3311)
    /// The last colour of ``palette``: `#7f868e`.
    public static let grey = Colour(0x7F868E)

    /// Colours for series in the order they are handed out, told apart with any common kind of
    /// colour vision and on white.
    ///
    /// Source: Paul Tol, “Colour Schemes” (SRON/EPS/TN/09-002, issue 3.2), scheme “vibrant”.
    /// Differs in the order and in a darker grey.
    public static let palette: [Colour] = [blue, orange, teal, magenta, cyan, red, grey]

    /// The colour of the series at `index` where it has none of its own.
    static func ofSeries(_ index: Int) -> Colour { palette[index % palette.count] }

    /// `#rrggbb`.
    var hexadecimal: String {
        let digits = Array("0123456789abcdef")
        return [red, green, blue].reduce(into: "#") { text, channel in
            text.append(digits[Int(channel >> 4)])
            text.append(digits[Int(channel & 15)])
        }
    }
}
