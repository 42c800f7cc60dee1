import Foundation

/// Images in rows, such as samples of a generator, with a line of background between them.
public struct ImageGrid: Figure {
    /// Shown above the images in a strip of 32 pixels; empty for none.
    public var title: String
    /// The whole grid as pixels; write this as PNG where no title is needed.
    public let image: PixelImage

    private let png: Data
    /// The brightness between images.
    public static let background: UInt8 = 232

    /// - Parameters:
    ///   - title: Shown above the images; empty for none.
    ///   - images: All of one size, with 1 or 3 channels; none gives one pixel of background.
    ///   - columns: Images per row; smaller numbers than 1 count as 1.
    ///   - padding: Pixels between images and around them, after upscaling.
    ///   - upscaling: How many pixels a pixel becomes, in both directions; keeps them crisp.
    /// - Throws: `FigureError.unequalImages`, `.unusableSize` or `.library`.
    public init(
        _ title: String = "", images: [PixelImage], columns: Int, padding: Int = 2,
        upscaling: Int = 1
    ) throws(FigureError) {
        self.title = title
        image = try Self.composed(
            images, columns: min(max(columns, 1), max(images.count, 1)),
            padding: min(max(padding, 0), 1000), upscaling: min(max(upscaling, 1), 1000))
        png = try image.pngData()
    }

    /// One pixel of ``image`` for each pixel of the figure, and the title's 32 above where there is
    /// one.
    public var size: FigureSize {
        FigureSize(Double(image.width), Double(image.height) + titleHeight)
    }

    /// Draws the title and, below it, the grid as one PNG image inside the SVG.
    public func draw(into svg: inout SVGWriter) {
        if !title.isEmpty {
            svg.element(
                "text",
                [
                    "x": "4", "y": "22", "font-size": .number(Style.titleSize),
                    "font-weight": "600", "fill": .colour(Style.ink),
                ], text: title)
        }
        svg.element(
            "image",
            [
                "x": "0", "y": .number(titleHeight), "width": .number(Double(image.width)),
                "height": .number(Double(image.height)), "style": "image-rendering:pixelated",
                "xlink:href": .text("data:image/png;base64," + png.base64EncodedString()),
            ])
    }

    private var titleHeight: Double { title.isEmpty ? 0 : 32 }

    private static func composed(
        _ images: [PixelImage], columns: Int, padding: Int, upscaling: Int
    ) throws(FigureError) -> PixelImage {
        guard let first = images.first else {
            return PixelImage(trusted: [background], width: 1, height: 1, channels: 1)
        }
        for (index, image) in images.enumerated() {
            guard image.shape == first.shape, image.channels == 1 || image.channels == 3 else {
                throw .unequalImages(index: index, found: image.shape, expected: first.shape)
            }
        }
        let rows = (images.count + columns - 1) / columns
        let (cellWidth, cellHeight) = (first.width * upscaling, first.height * upscaling)
        let width = columns * (cellWidth + padding) + padding
        let height = rows * (cellHeight + padding) + padding
        try Native.check(width: width, height: height)
        var bytes = [UInt8](repeating: background, count: width * height * first.channels)
        for (index, image) in images.enumerated() {
            let (row, column) = index.quotientAndRemainder(dividingBy: columns)
            let left = padding + column * (cellWidth + padding)
            let top = padding + row * (cellHeight + padding)
            image.copy(into: &bytes, width: width, left: left, top: top, upscaling: upscaling)
        }
        return PixelImage(trusted: bytes, width: width, height: height, channels: first.channels)
    }
}

extension PixelImage {
    /// Copies the image, enlarged, into the pixels of a wider one with the same channels.
    fileprivate func copy(
        into target: inout [UInt8], width targetWidth: Int, left: Int, top: Int, upscaling: Int
    ) {
        for y in 0..<height * upscaling {
            var place = ((top + y) * targetWidth + left) * channels
            let row = y / upscaling * width * channels
            for x in 0..<width {
                let pixel = row + x * channels
                for _ in 0..<upscaling {
                    for channel in 0..<channels { target[place + channel] = bytes[pixel + channel] }
                    place += channels
                }
            }
        }
    }
}
