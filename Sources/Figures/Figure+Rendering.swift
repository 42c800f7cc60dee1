import CVips
public import Foundation

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
