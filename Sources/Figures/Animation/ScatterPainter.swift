import Foundation

/// Paints the frames of a scatter animation as palette indices.
///
/// Moving points only ever cover the fixed picture with one colour, so a pixel is known by its fixed
/// colour and how much of it is covered; a table turns both into a palette index.
struct ScatterPainter {
    let width: Int
    let height: Int
    let palette: [Color]

    private let table: CoverTable
    private let layout: PlotLayout
    private let disc: Disc
    private let digits: DigitStamps
    private let titleEnd: Int
    /// Per pixel, how much of the moving colour lies on it; 255 covers all.
    private var cover: [UInt8]
    private var touched: [Int] = []

    init(plot: Scatter, moving: ScatterAnimation.MovingPoints) throws(FigureError) {
        var plot = plot
        plot.series.append(
            .init(
                moving.name, points: [], color: moving.color, opacity: moving.opacity,
                radius: moving.radius))
        let picture = try plot.image(scale: 1)
        layout = plot.layout
        (width, height) = (picture.width, picture.height)
        table = CoverTable(picture, cover: moving.color)
        palette = table.palette
        disc = Disc(radius: moving.radius, opacity: moving.opacity)
        digits = try DigitStamps(palette: palette)
        titleEnd = Self.titleEnd(in: picture, origin: layout.titleOrigin)
        cover = [UInt8](repeating: 0, count: picture.width * picture.height)
    }

    /// The frame as `width * height` palette indices.
    mutating func frame(_ points: [SIMD2<Double>], step: Int) -> [UInt8] {
        let box = layout.box
        let clip = Disc.Clip(
            columns: Int(box.x.rounded())..<min(Int((box.x + box.width).rounded()), width),
            rows: Int(box.y.rounded())..<min(Int((box.y + box.height).rounded()), height),
            stride: width)
        for case let position? in points.lazy.map(layout.position) {
            disc.stamp(at: position, onto: &cover, touched: &touched, clip: clip)
        }
        var frame = table.plain
        for pixel in touched {
            frame[pixel] = table.index(at: pixel, cover: cover[pixel])
            cover[pixel] = 0
        }
        touched.removeAll(keepingCapacity: true)
        digits.stamp(
            step, onto: &frame, stride: width, x: titleEnd, baseline: Int(layout.titleOrigin.y))
        return frame
    }

    /// The column where the step's number begins: a space after the last ink in the title's row.
    private static func titleEnd(in picture: PixelImage, origin: SIMD2<Double>) -> Int {
        let rows = max(Int(origin.y - Style.titleSize), 0)..<min(Int(origin.y) + 4, picture.height)
        let left = max(Int(origin.x), 0)
        let last = (left..<picture.width).last { x in
            rows.contains { y in picture.bytes[(y * picture.width + x) * 3] < 128 }
        }
        return last.map { $0 + 6 } ?? left
    }
}
