/// The ten digits in the look of a figure's title, drawn once and stamped into frames.
struct DigitStamps {
    private static let cellWidth = 32
    private static let cellHeight = 24
    private static let baseline = 18

    /// Per digit a cell of palette indices.
    private let cells: [[UInt8]]
    /// Pixels from one digit to the next.
    private let advance: Int

    /// - Parameter palette: The colours of the frames, with white and the title's ink among them.
    init(palette: [Color]) throws(FigureError) {
        let picture = try Sheet().image(scale: 1)
        let shades = (0...255).map { UInt8(Color(UInt32($0) * 0x010101).nearest(in: palette) ?? 0) }
        cells = (0..<10).map { digit in
            (0..<Self.cellHeight * Self.cellWidth).map { place in
                let (y, x) = place.quotientAndRemainder(dividingBy: Self.cellWidth)
                let pixel = y * picture.width + digit * Self.cellWidth + x
                return shades[Int(picture.bytes[pixel * 3 + 1])]
            }
        }
        advance = Self.width(ofCell: 11, picture) - Self.width(ofCell: 10, picture)
    }

    /// Writes a number that is not negative, cut off at the right edge.
    ///
    /// - Parameter stride: The frame's width.
    func stamp(_ number: Int, onto frame: inout [UInt8], stride: Int, x: Int, baseline: Int) {
        let top = baseline - Self.baseline
        for (place, character) in String(number).enumerated() {
            let left = x + place * advance
            guard let digit = character.wholeNumberValue, left + advance <= stride else { return }
            for row in 0..<Self.cellHeight {
                let target = (top + row) * stride + left
                guard target >= 0, target + advance <= frame.count else { continue }
                for column in 0..<advance {
                    frame[target + column] = cells[digit][row * Self.cellWidth + column]
                }
            }
        }
    }

    private static func width(ofCell cell: Int, _ picture: PixelImage) -> Int {
        let columns = cell * cellWidth..<(cell + 1) * cellWidth
        let last = columns.last { x in
            (0..<picture.height).contains { y in
                picture.bytes[(y * picture.width + x) * 3] < 128
            }
        }
        return (last ?? columns.lowerBound) - columns.lowerBound
    }

    /// The digits, each at the left of a cell, then “0” and “00”, which tell a digit's advance.
    private struct Sheet: Figure {
        let title = ""
        let size = FigureSize(Double(12 * cellWidth), Double(cellHeight))

        func draw(into svg: inout SVGWriter) {
            let texts = (0..<10).map(String.init) + ["0", "00"]
            for (cell, text) in texts.enumerated() {
                svg.element(
                    "text",
                    [
                        "x": .number(Double(cell * cellWidth)), "y": .number(Double(baseline)),
                        "font-size": .number(Style.titleSize), "font-weight": "600",
                        "fill": .color(Style.ink),
                    ], text: text)
            }
        }
    }
}
