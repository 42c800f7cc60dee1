/// Named lines over a common x axis, such as losses over training steps.
///
/// A value that is not finite leaves a gap. Lines of very many points are thinned to their extremes
/// per pixel, which looks the same.
public struct LineChart: Figure {
    /// A line of the chart: its points and its look.
    public struct Series: Sendable {
        /// Shown in the legend; empty for none.
        public var name: String
        /// The points, from left to right.
        public var points: [SIMD2<Double>]
        /// Nil takes the next colour of `Colour.palette`.
        public var colour: Colour?
        /// The width, in points of the line, of a running median that is drawn over the faded line
        /// itself; 1 for none.
        public var medianWindow: Int
        /// A calmer line that is drawn over the faded one in place of a running median.
        public var trend: [SIMD2<Double>]?

        /// A line through `(x[i], y[i])`; where one array is longer, its rest is ignored.
        public init(
            _ name: String, x: [Double], y: [Double], colour: Colour? = nil, medianWindow: Int = 1
        ) {
            self.init(name, points: zip(x, y).map { SIMD2($0, $1) }, colour: colour)
            self.medianWindow = medianWindow
        }

        /// A line through points, from left to right.
        public init(
            _ name: String, points: [SIMD2<Double>], trend: [SIMD2<Double>]? = nil,
            colour: Colour? = nil
        ) {
            (self.name, self.points, self.trend, self.colour) = (name, points, trend, colour)
            medianWindow = 1
        }
    }

    /// A dashed horizontal line, such as a known optimum.
    public struct ReferenceLine: Sendable {
        /// Where the line lies, in the units of the y axis. An axis without a range of its own
        /// reaches that far.
        public var y: Double
        /// Shown in the legend; empty for none.
        public var label: String

        /// A line at `y`, by default without an entry in the legend.
        public init(y: Double, label: String = "") {
            self.y = y
            self.label = label
        }
    }

    /// Shown above the chart; empty for none.
    public var title: String
    /// The lines; each one is drawn over those before it.
    public var series: [Series]
    /// What the points' first coordinates are, such as training steps.
    public var xAxis: Axis
    /// What the points' second coordinates are, such as losses.
    public var yAxis: Axis
    /// A horizontal line over all the others; nil for none.
    public var reference: ReferenceLine?
    /// The size of the whole chart, with its title, legend and labels.
    public var size: FigureSize

    /// A chart, by default of 560 × 340 pixels of 1/96 inch and without a reference line.
    public init(
        _ title: String = "", series: [Series], xAxis: Axis, yAxis: Axis,
        reference: ReferenceLine? = nil, size: FigureSize = FigureSize(560, 340)
    ) {
        self.title = title
        self.series = series
        self.xAxis = xAxis
        self.yAxis = yAxis
        self.reference = reference
        self.size = size
    }

    /// Draws axes, grid and legend, the lines in their order, and the reference line last.
    public func draw(into svg: inout SVGWriter) {
        let layout = layout
        layout.draw(into: &svg) { svg in
            for (index, series) in series.enumerated() {
                draw(series, colour: series.colour ?? .ofSeries(index), layout, into: &svg)
            }
            if let reference { draw(reference, layout, into: &svg) }
        }
    }

    private var layout: PlotLayout {
        let points = series.lazy.flatMap(\.points)
        let finite = points.filter { Axis.isDrawable($0.y) }
        let heights = finite.map(\.y) + [reference?.y].compactMap { $0 }
        return PlotLayout(
            .init(
                title: title, size: size, xAxis: xAxis, yAxis: yAxis,
                xRange: xAxis.resolved(over: points.map(\.x), margin: 0),
                yRange: yAxis.resolved(over: heights, margin: 0.06), legend: legend))
    }

    private var legend: [Legend.Entry] {
        let lines = series.enumerated().map { index, series in
            Legend.Entry(
                name: series.name, colour: series.colour ?? .ofSeries(index), mark: .line)
        }
        guard let reference else { return lines }
        return lines + [.init(name: reference.label, colour: Style.fadedInk, mark: .dashes)]
    }

    private func draw(
        _ series: Series, colour: Colour, _ layout: PlotLayout, into svg: inout SVGWriter
    ) {
        let trend = series.trend ?? Self.medians(of: series)
        drawLine(
            series.points, colour: colour, opacity: trend == nil ? 1 : 0.28,
            width: trend == nil ? 1.75 : 1, layout, into: &svg)
        guard let trend else { return }
        drawLine(trend, colour: colour, opacity: 1, width: 2, layout, into: &svg)
    }

    private static func medians(of series: Series) -> [SIMD2<Double>]? {
        guard series.medianWindow > 1 else { return nil }
        let medians = runningMedian(series.points.map(\.y), window: series.medianWindow)
        return zip(series.points, medians).map { SIMD2($0.x, $1) }
    }

    private func drawLine(
        _ points: [SIMD2<Double>], colour: Colour, opacity: Double, width: Double,
        _ layout: PlotLayout, into svg: inout SVGWriter
    ) {
        var path = SVGPath()
        for point in thinned(points, to: Int(layout.box.width)) {
            if let position = layout.position(point) {
                path.add(position)
            } else {
                path.lift()
            }
        }
        path.lift()
        guard !path.commands.isEmpty else { return }
        svg.element(
            "path",
            [
                "d": .text(path.commands), "fill": "none", "stroke": .colour(colour),
                "stroke-opacity": .number(opacity), "stroke-width": .number(width),
                "stroke-linejoin": "round", "stroke-linecap": "round",
            ])
    }

    private func draw(
        _ reference: ReferenceLine, _ layout: PlotLayout, into svg: inout SVGWriter
    ) {
        guard Axis.isDrawable(reference.y) else { return }
        let (box, y) = (layout.box, layout.y(reference.y))
        svg.element(
            "line",
            [
                "x1": .number(box.x), "x2": .number(box.x + box.width),
                "y1": .number(y), "y2": .number(y), "stroke": .colour(Style.fadedInk),
                "stroke-width": "1.25", "stroke-dasharray": "5 4",
            ])
    }
}

/// The median of every value and its neighbours, which smooths a curve without being drawn away by
/// outliers.
///
/// - Parameters:
///   - values: Those that are not finite do not count, and stay as they are.
///   - window: How many values a median covers, centred; an even number counts as the next odd one.
///     At the ends the window is cut off.
/// - Returns: As many values. Of an even number of finite ones the lower middle one.
/// - Complexity: O(n · window) at worst, with a small constant.
public func runningMedian(_ values: [Double], window: Int) -> [Double] {
    let reach = max(window, 1) / 2
    var sorted: [Double] = []
    for value in values.prefix(reach) where value.isFinite { sorted.insertSorted(value) }
    return values.indices.map { index in
        if index + reach < values.count, values[index + reach].isFinite {
            sorted.insertSorted(values[index + reach])
        }
        if index - reach - 1 >= 0, values[index - reach - 1].isFinite {
            sorted.remove(at: sorted.firstSorted(notBelow: values[index - reach - 1]))
        }
        return values[index].isFinite ? sorted[(sorted.count - 1) / 2] : values[index]
    }
}

/// Few points that draw the same line: of every run of neighbours the lowest and the highest, in
/// their order. A run without a finite point keeps one that is not, so that gaps stay.
///
/// - Parameter columns: The number of runs, about the width of the plot in pixels.
func thinned(_ points: [SIMD2<Double>], to columns: Int) -> [SIMD2<Double>] {
    guard columns > 0, points.count > 4 * columns else { return points }
    return (0..<columns).flatMap { column in
        let start = column * points.count / columns
        let run = start..<((column + 1) * points.count / columns)
        let finite = run.filter { Axis.isDrawable(points[$0].y) }
        let low = finite.min { points[$0].y < points[$1].y }
        let high = finite.max { points[$0].y < points[$1].y }
        guard let low, let high else { return [points[start]] }
        return low == high ? [points[low]] : [points[min(low, high)], points[max(low, high)]]
    }
}

extension [Double] {
    /// The first place in the sorted array whose value is at least the given one.
    fileprivate func firstSorted(notBelow value: Double) -> Int {
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            if self[middle] < value { low = middle + 1 } else { high = middle }
        }
        return low
    }

    fileprivate mutating func insertSorted(_ value: Double) {
        insert(value, at: firstSorted(notBelow: value))
    }
}
