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
