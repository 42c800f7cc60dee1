import Foundation

/// Pictures beside those that are most like them, in blocks side by side: samples of a generator,
/// each in a row with its nearest training images.
public struct NeighbourSheet: Figure {
    /// A picture and those that are like it.
    public struct Row: Sendable {
        let sample: PixelImage
        let neighbours: [(image: PixelImage, caption: String)]

        /// A row.
        ///
        /// - Parameters:
        ///   - sample: The picture.
        ///   - neighbours: The most alike first, each with a short text below it.
        public init(
            sample: PixelImage, neighbours: [(image: PixelImage, caption: String)]
        ) {
            (self.sample, self.neighbours) = (sample, neighbours)
        }
    }

    /// Rows under a heading.
    public struct Block: Sendable {
        let heading: String
        let rows: [Row]

        /// - Parameters:
        ///   - heading: Stands above the rows.
        ///   - rows: From top to bottom; they may have different numbers of neighbours.
        public init(_ heading: String, rows: [Row]) { (self.heading, self.rows) = (heading, rows) }
    }

    /// Shown at the top left, above the headings of all blocks.
    public var title: String
    private let blocks: [(heading: String, rows: [DrawnRow])]
    private let columns: (sample: String, neighbours: String)
    private let neighbourCount: Int
    private let cell: FigureSize
    private let isEnlarged: Bool

    /// The pictures of a row as PNG files.
    private struct DrawnRow {
        let sample: String
        let neighbours: [(png: String, caption: String)]
    }

    private static let (margin, gap, columnGap, captionHeight) = (16.0, 5.0, 36.0, 17.0)
    private static let (titleHeight, headingHeight, rowGap) = (34.0, 46.0, 5.0)
    /// The longer side of a picture.
    private static let cellSide = 76.0
    /// Between a sample and its neighbours.
    private static let divide = 12.0

    /// - Parameters:
    ///   - title: Shown at the top left, above the headings of all blocks.
    ///   - blocks: All pictures of one size, with 1 or 3 channels.
    ///   - columns: What stands above samples and above their neighbours.
    /// - Throws: `FigureError.library`.
    public init(
        _ title: String, blocks: [Block], columns: (sample: String, neighbours: String)
    ) throws(FigureError) {
        self.title = title
        self.columns = columns
        var drawn: [(heading: String, rows: [DrawnRow])] = []
        for block in blocks {
            var rows: [DrawnRow] = []
            for row in block.rows {
                var neighbours: [(png: String, caption: String)] = []
                for neighbour in row.neighbours {
                    neighbours.append(
                        (try Self.address(of: neighbour.image), neighbour.caption))
                }
                rows.append(
                    DrawnRow(sample: try Self.address(of: row.sample), neighbours: neighbours))
            }
            drawn.append((block.heading, rows))
        }
        self.blocks = drawn
        let all = blocks.flatMap(\.rows)
        neighbourCount = all.map(\.neighbours.count).max() ?? 0
        let first = all.first?.sample
        let (width, height) = (Double(first?.width ?? 1), Double(first?.height ?? 1))
        let scale = Self.cellSide / max(width, height)
        cell = FigureSize(width * scale, height * scale)
        isEnlarged = scale > 1
    }

    private static func address(of image: PixelImage) throws(FigureError) -> String {
        "data:image/png;base64," + (try image.pngData()).base64EncodedString()
    }

    /// As wide as all blocks side by side, as high as the block with the most rows.
    public var size: FigureSize {
        let count = Double(max(blocks.count, 1))
        let rows = Double(blocks.map(\.rows.count).max() ?? 0)
        return FigureSize(
            2 * Self.margin + count * blockWidth + (count - 1) * Self.columnGap,
            Self.titleHeight + Self.headingHeight + rows * rowHeight + Self.margin)
    }

    private var blockWidth: Double {
        cell.width + Self.divide + Double(neighbourCount) * (cell.width + Self.gap) - Self.gap
    }

    private var rowHeight: Double { cell.height + Self.captionHeight + Self.rowGap }

    /// Draws the blocks from left to right, each picture as a PNG image inside the SVG.
    public func draw(into svg: inout SVGWriter) {
        write(
            title, x: Self.margin, y: 25, size: Style.titleSize, weight: "600", Style.ink,
            into: &svg)
        for (index, block) in blocks.enumerated() {
            let left = Self.margin + Double(index) * (blockWidth + Self.columnGap)
            drawHeadings(block.heading, left: left, into: &svg)
            for (place, row) in block.rows.enumerated() {
                let top = Self.titleHeight + Self.headingHeight + Double(place) * rowHeight
                draw(row, left: left, top: top, into: &svg)
            }
        }
    }

    private func drawHeadings(_ heading: String, left: Double, into svg: inout SVGWriter) {
        let top = Self.titleHeight
        write(
            heading, x: left, y: top + 16, size: Style.labelSize, weight: "400", Style.ink,
            into: &svg)
        let names = [(columns.sample, left), (columns.neighbours, neighboursLeft(left))]
        for (name, x) in names {
            write(
                name, x: x, y: top + 38, size: Style.tickSize, weight: "400", Style.fadedInk,
                into: &svg)
        }
    }

    private func neighboursLeft(_ left: Double) -> Double { left + cell.width + Self.divide }

    private func draw(_ row: DrawnRow, left: Double, top: Double, into svg: inout SVGWriter) {
        draw(row.sample, x: left, y: top, into: &svg)
        for (place, neighbour) in row.neighbours.enumerated() {
            let x = neighboursLeft(left) + Double(place) * (cell.width + Self.gap)
            draw(neighbour.png, x: x, y: top, into: &svg)
            svg.element(
                "text",
                [
                    "x": .number(x + cell.width / 2), "y": .number(top + cell.height + 12),
                    "text-anchor": "middle", "font-size": "10.5", "fill": .colour(Style.fadedInk),
                ], text: neighbour.caption)
        }
        let line = left + cell.width + Self.divide / 2
        svg.element(
            "line",
            [
                "x1": .number(line), "x2": .number(line), "y1": .number(top),
                "y2": .number(top + cell.height), "stroke": .colour(Style.axis),
                "stroke-width": "1",
            ])
    }

    private func draw(_ png: String, x: Double, y: Double, into svg: inout SVGWriter) {
        svg.element(
            "image",
            [
                "x": .number(x), "y": .number(y), "width": .number(cell.width),
                "height": .number(cell.height),
                "style": isEnlarged ? "image-rendering:pixelated" : "image-rendering:auto",
                "xlink:href": .text(png),
            ])
    }

    private func write(
        _ text: String, x: Double, y: Double, size: Double, weight: SVGValue, _ colour: Colour,
        into svg: inout SVGWriter
    ) {
        svg.element(
            "text",
            [
                "x": .number(x), "y": .number(y), "font-size": .number(size),
                "font-weight": weight, "fill": .colour(colour),
            ], text: text)
    }
}
