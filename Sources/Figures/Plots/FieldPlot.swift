/// A function of two variables as level lines, with arrows such as its gradients.
///
/// The lines deepen in colour from low to high. A unit is as long on both axes. The grid fills the
/// plot unless an axis has a range of its own.
public struct FieldPlot: Figure {
    /// A direction at a place.
    public struct Arrow: Sendable {
        /// The middle of the arrow, in the units of the axes.
        public var at: SIMD2<Double>
        /// Where it points, with a length in proportion; zero and the not finite are not drawn.
        public var direction: SIMD2<Double>

        /// An arrow whose middle is at a place.
        public init(at: SIMD2<Double>, direction: SIMD2<Double>) {
            (self.at, self.direction) = (at, direction)
        }
    }

    /// Shown above the plot; empty for none.
    public var title: String
    /// The first coordinates of the grid: at least two, finite and rising.
    public var xs: [Double]
    /// The second coordinates of the grid: at least two, finite and rising.
    public var ys: [Double]
    /// The function on the grid, `[ys, xs]`, row by row. The four cells around a value that is
    /// missing or not finite are left out.
    public var values: [Double]
    /// How many level lines there are, at equal steps between the least and the largest value.
    public var levels: Int
    /// The arrows, drawn over the lines.
    public var arrows: [Arrow]
    /// How long an arrow is whose direction has length 1, in the units of the axes. Nil gives 0.85
    /// of a twelfth of the plot's shorter side: on a lattice of 12 × 12 such arrows do not touch.
    public var arrowLength: Double?
    /// Places that are marked with small dots, over all the rest.
    public var points: [SIMD2<Double>]
    /// What the grid's first coordinates are.
    public var xAxis: Axis
    /// What the grid's second coordinates are.
    public var yAxis: Axis
    /// The size of the whole plot, with its title and labels.
    public var size: FigureSize

    /// A plot, by default of 480 × 480 pixels of 1/96 inch with 12 level lines.
    public init(
        _ title: String = "", xs: [Double], ys: [Double], values: [Double], levels: Int = 12,
        arrows: [Arrow] = [], arrowLength: Double? = nil, points: [SIMD2<Double>] = [],
        xAxis: Axis = Axis("x"), yAxis: Axis = Axis("y"), size: FigureSize = FigureSize(480, 480)
    ) {
        (self.title, self.xs, self.ys, self.values) = (title, xs, ys, values)
        (self.levels, self.arrows, self.arrowLength) = (levels, arrows, arrowLength)
        (self.points, self.xAxis, self.yAxis, self.size) = (points, xAxis, yAxis, size)
    }

    /// Draws axes and grid, the level lines, the arrows and the points, cut off at the edges.
    public func draw(into svg: inout SVGWriter) {
        let layout = layout
        layout.draw(into: &svg) { svg in
            for (index, level) in levelValues.enumerated() {
                // Opacity gives the shades, which then suit light and dark pages.
                let opacity = 0.25 + 0.75 * Double(index + 1) / Double(levels)
                let lines = lines(at: level).map { $0.compactMap(layout.position) }
                draw(lines, .blue, opacity: opacity, width: 1.25, into: &svg)
            }
            let outlines = arrows.flatMap { outline(of: $0, layout) }
            draw(outlines, Style.ink, width: 1, isFilled: true, into: &svg)
            let dots = points.compactMap(layout.position).map { [$0] }
            draw(dots, .orange, width: 4, into: &svg)
        }
    }

    var layout: PlotLayout {
        let xRange = xAxis.resolved(over: xs, margin: 0)
        let yRange = yAxis.resolved(over: ys, margin: 0)
        // Both ranges are fixed, so that the box takes the shape of the field.
        return PlotLayout(
            .init(
                title: title, size: size,
                xAxis: Axis(xAxis.label, unit: xAxis.unit, range: xRange),
                yAxis: Axis(yAxis.label, unit: yAxis.unit, range: yRange),
                xRange: xRange, yRange: yRange, equalAspect: true, legend: []))
    }

    /// The positions of an arrow's shaft and of its head; none for an arrow without a length.
    private func outline(of arrow: Arrow, _ layout: PlotLayout) -> [[SIMD2<Double>]] {
        let (box, range) = (layout.box, layout.xRange)
        let scale = box.width / (range.upperBound - range.lowerBound)
        let unit = arrowLength.map { $0 * scale } ?? min(box.width, box.height) * 0.85 / 12
        let along: SIMD2<Double> = SIMD2(arrow.direction.x, -arrow.direction.y) * unit
        let length = (along * along).sum().squareRoot()
        guard let middle = layout.position(arrow.at), 0.01..<1e7 ~= length else { return [] }
        let (tail, tip) = (middle - along * 0.5, middle + along * 0.5)
        let back: SIMD2<Double> = along * (min(5, 0.4 * length) / length)
        let aside: SIMD2<Double> = SIMD2(-back.y, back.x) * 0.4
        let base = tip - back
        return [[tail, tip], [base + aside, tip, base - aside]]
    }

    private func draw(
        _ lines: [[SIMD2<Double>]], _ colour: Colour, opacity: Double = 1, width: Double,
        isFilled: Bool = false, into svg: inout SVGWriter
    ) {
        var path = SVGPath()
        for line in lines {
            for position in line { path.add(position) }
            path.lift()
        }
        guard !path.commands.isEmpty else { return }
        svg.element(
            "path",
            [
                "d": .text(path.commands), "stroke": .colour(colour),
                "stroke-width": .number(width),
                "stroke-opacity": .number(opacity), "fill": isFilled ? .colour(colour) : "none",
                "stroke-linejoin": "round", "stroke-linecap": "round",
            ])
    }
}

/// Marching squares. A node is a corner of cells, counted along the rows; of node n, edge 2n leads
/// to the next node of the row and edge 2n + 1 to the next row.
extension FieldPlot {
    /// The heights of the level lines, rising; none where the field is constant.
    var levelValues: [Double] {
        let known = (0..<xs.count * ys.count).map(height).filter(\.isFinite)
        guard let low = known.min(), let high = known.max(), low < high else { return [] }
        let step = (high - low) / (Double(levels) + 1)
        return (0..<max(levels, 0)).map { low + Double($0 + 1) * step }
    }

    /// The lines at a level, in the units of the axes; a closed one ends where it begins.
    func lines(at level: Double) -> [[SIMD2<Double>]] {
        // An edge lies between two cells at most, so a line goes on from it to two others at most.
        var others = [SIMD2<Int>](repeating: SIMD2(-1, -1), count: 2 * xs.count * ys.count)
        for (first, second) in segments(at: level) {
            for (edge, other) in [(first, second), (second, first)] {
                if others[edge].x < 0 { others[edge].x = other } else { others[edge].y = other }
            }
        }
        var isDrawn = [Bool](repeating: false, count: others.count)
        var lines: [[SIMD2<Double>]] = []
        // Open lines are followed from their first end; all that is left is closed.
        for isClosed in [false, true] {
            for start in others.indices where others[start].x >= 0 && !isDrawn[start] {
                guard isClosed || others[start].y < 0 else { continue }
                var line: [SIMD2<Double>] = []
                var edge: Int? = start
                while let current = edge {
                    isDrawn[current] = true
                    line.append(crossing(current, level))
                    let next = others[current]
                    edge = [next.x, next.y].first { $0 >= 0 && !isDrawn[$0] }
                }
                lines.append(isClosed ? line + [line[0]] : line)
            }
        }
        return lines
    }

    /// The pairs of edges that the level's lines join within a cell.
    private func segments(at level: Double) -> [(Int, Int)] {
        var segments: [(Int, Int)] = []
        let width = xs.count
        for node in 0..<max(width * (ys.count - 1), 0) where node % width != width - 1 {
            let up = node + width
            let heights = SIMD4(height(node), height(node + 1), height(up + 1), height(up))
            // One unknown corner makes the mean unknown.
            let mean = heights.sum() / 4
            guard mean.isFinite, heights.min() < level, heights.max() >= level else { continue }
            let edges = [2 * node, 2 * (node + 1) + 1, 2 * up, 2 * node + 1]
            let isHigh = heights .>= level
            let crossed = (0..<4).filter { isHigh[$0] != isHigh[($0 + 1) % 4] }
            if crossed.count == 2 {
                segments.append((edges[crossed[0]], edges[crossed[1]]))
            } else {
                // A saddle: the first corner and its opposite are joined if the mean is like them.
                let isJoined = (mean >= level) == isHigh[0]
                segments.append((edges[0], edges[isJoined ? 1 : 3]))
                segments.append((edges[2], edges[isJoined ? 3 : 1]))
            }
        }
        return segments
    }

    private func crossing(_ edge: Int, _ level: Double) -> SIMD2<Double> {
        let first = edge / 2
        let second = first + (edge % 2 == 0 ? 1 : xs.count)
        let part = (level - values[first]) / (values[second] - values[first])
        return place(first) + (place(second) - place(first)) * part
    }

    private func place(_ node: Int) -> SIMD2<Double> {
        SIMD2(xs[node % xs.count], ys[node / xs.count])
    }

    /// The value at a node; not a number where it is missing or not finite.
    private func height(_ node: Int) -> Double {
        node < values.count && Axis.isDrawable(values[node]) ? values[node] : .nan
    }
}
