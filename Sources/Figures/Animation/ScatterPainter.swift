import Foundation

/// Paints the frames of a scatter animation as palette indices.
///
/// Moving points only ever cover the fixed picture with one colour, so a pixel is known by its
/// fixed colour and how much of it is covered; a table turns both into a palette index.
struct ScatterPainter {
    /// One of the plots side by side.
    private struct Panel {
        let layout: PlotLayout
        /// The column where the plot begins.
        let left: Double
        /// The column where the step's number begins.
        let titleEnd: Int
    }

    let width: Int
    let height: Int
    let palette: [Colour]

    private static let spacing = 12.0
    private let table: CoverTable
    private let panels: [Panel]
    private let disc: Disc
    private let digits: DigitStamps
    /// Per pixel, how much of the moving colour lies on it; 255 covers all.
    private var cover: [UInt8]
    private var touched: [Int] = []

    /// - Parameter plots: At least one; they stand side by side.
    init(plots: [Scatter], moving: ScatterAnimation.MovingPoints) throws(FigureError) {
        let plots = plots.map { plot in
            var plot = plot
            plot.series.append(
                .init(
                    moving.name, points: [], colour: moving.colour, opacity: moving.opacity,
                    radius: moving.radius))
            return plot
        }
        let picture = try Panels(plots, columns: plots.count, spacing: Self.spacing)
            .image(scale: 1)
        var left = 0.0
        panels = plots.map { plot in
            defer { left += plot.size.width + Self.spacing }
            let columns = Int(left)..<min(Int(left + plot.size.width), picture.width)
            return Panel(
                layout: plot.layout, left: left,
                titleEnd: Self.titleEnd(
                    in: picture, columns: columns, origin: plot.layout.titleOrigin))
        }
        (width, height) = (picture.width, picture.height)
        table = CoverTable(picture, cover: moving.colour)
        palette = table.palette
        disc = Disc(radius: moving.radius, opacity: moving.opacity)
        digits = try DigitStamps(palette: palette)
        cover = [UInt8](repeating: 0, count: picture.width * picture.height)
    }

    /// The frame as `width * height` palette indices.
    ///
    /// - Parameter points: Those of each plot; plots beyond them have none.
    mutating func frame(_ points: [[SIMD2<Double>]], step: Int) -> [UInt8] {
        for (panel, points) in zip(panels, points) { stamp(points, on: panel) }
        var frame = table.plain
        for pixel in touched {
            frame[pixel] = table.index(at: pixel, cover: cover[pixel])
            cover[pixel] = 0
        }
        touched.removeAll(keepingCapacity: true)
        for panel in panels {
            digits.stamp(
                step, onto: &frame, stride: width, x: panel.titleEnd,
                baseline: Int(panel.layout.titleOrigin.y))
        }
        return frame
    }

    private mutating func stamp(_ points: [SIMD2<Double>], on panel: Panel) {
        let box = panel.layout.box
        let (left, right) = (panel.left + box.x, panel.left + box.x + box.width)
        let clip = Disc.Clip(
            columns: Int(left.rounded())..<min(Int(right.rounded()), width),
            rows: Int(box.y.rounded())..<min(Int((box.y + box.height).rounded()), height),
            stride: width)
        for case let position? in points.lazy.map(panel.layout.position) {
            disc.stamp(
                at: position + SIMD2(panel.left, 0), onto: &cover, touched: &touched, clip: clip)
        }
    }

    /// The column where the step's number begins: a space after the last ink in the title's row.
    private static func titleEnd(
        in picture: PixelImage, columns: Range<Int>, origin: SIMD2<Double>
    ) -> Int {
        let rows = max(Int(origin.y - Style.titleSize), 0)..<min(Int(origin.y) + 4, picture.height)
        let left = columns.lowerBound + max(Int(origin.x), 0)
        guard left < columns.upperBound else { return left }
        let last = (left..<columns.upperBound).last { x in
            rows.contains { y in picture.bytes[(y * picture.width + x) * 3] < 128 }
        }
        return last.map { $0 + 6 } ?? left
    }
}

/// A translucent disc with soft edges, stamped at any fraction of a pixel.
struct Disc {
    /// The part of the picture that stamps may change.
    struct Clip {
        let columns: Range<Int>
        let rows: Range<Int>
        /// Pixels from one row to the next.
        let stride: Int
    }

    private let radius: Double
    private let opacity: Double

    init(radius: Double, opacity: Double) {
        self.radius = radius.isFinite ? min(max(radius, 0.5), 100) : 1
        self.opacity = opacity.isFinite ? min(max(opacity, 0), 1) : 1
    }

    /// Lays the disc over what already covers each pixel, as translucent paint does.
    ///
    /// - Parameter touched: Gets every pixel whose cover was 0 and now is not.
    func stamp(
        at centre: SIMD2<Double>, onto cover: inout [UInt8], touched: inout [Int], clip: Clip
    ) {
        let reach = radius + 0.5
        guard
            let columns = Self.pixels(around: centre.x, reach: reach, within: clip.columns),
            let rows = Self.pixels(around: centre.y, reach: reach, within: clip.rows)
        else { return }
        for row in rows {
            let dy = Double(row) + 0.5 - centre.y
            for column in columns {
                let dx = Double(column) + 0.5 - centre.x
                let share = min(max(reach - (dx * dx + dy * dy).squareRoot(), 0), 1) * opacity
                guard share > 1 / 512 else { continue }
                let pixel = row * clip.stride + column
                if cover[pixel] == 0 { touched.append(pixel) }
                let rest = Double(255 - cover[pixel]) * (1 - share)
                cover[pixel] = max(UInt8(255 - rest.rounded()), 1)
            }
        }
    }

    private static func pixels(
        around centre: Double, reach: Double, within range: Range<Int>
    ) -> Range<Int>? {
        let low = max((centre - reach).rounded(.down), Double(range.lowerBound))
        let high = min((centre + reach).rounded(.up), Double(range.upperBound))
        return low < high ? Int(low)..<Int(high) : nil
    }
}

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
    init(palette: [Colour]) throws(FigureError) {
        let picture = try Sheet().image(scale: 1)
        let shades = (0...255).map {
            UInt8(Colour(UInt32($0) * 0x010101).nearest(in: palette) ?? 0)
        }
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
                        "fill": .colour(Style.ink),
                    ], text: text)
            }
        }
    }
}
