/// Points in the plane, in one or more series.
///
/// Points that are not finite, or lie outside a fixed range, are left out.
public struct Scatter: Figure {
    /// Points that share a name and a look.
    public struct Series: Sendable {
        /// Shown in the legend; empty for none.
        public var name: String
        /// The points, in the units of the axes; each one is drawn over those before it.
        public var points: [SIMD2<Double>]
        /// Nil takes the next colour of `Colour.palette`.
        public var colour: Colour?
        /// 0…1; where points overlap, the colour deepens.
        public var opacity: Double
        /// In pixels.
        public var radius: Double

        /// Points with a look; by default half-transparent and 5 pixels across.
        public init(
            _ name: String, points: [SIMD2<Double>], colour: Colour? = nil, opacity: Double = 0.5,
            radius: Double = 2.5
        ) {
            self.name = name
            self.points = points
            self.colour = colour
            self.opacity = opacity
            self.radius = radius
        }
    }

    /// Shown above the plot; empty for none.
    public var title: String
    /// The series; the points of each are drawn over those of the series before.
    public var series: [Series]
    /// What the points' first coordinates are.
    public var xAxis: Axis
    /// What the points' second coordinates are.
    public var yAxis: Axis
    /// Whether a unit is as long on both axes.
    public var equalAspect: Bool
    /// The size of the whole plot, with its title, legend and labels.
    public var size: FigureSize

    /// A plot, by default of 480 × 480 pixels of 1/96 inch with a unit as long on both axes.
    public init(
        _ title: String = "", series: [Series], xAxis: Axis = Axis("x"), yAxis: Axis = Axis("y"),
        equalAspect: Bool = true, size: FigureSize = FigureSize(480, 480)
    ) {
        self.title = title
        self.series = series
        self.xAxis = xAxis
        self.yAxis = yAxis
        self.equalAspect = equalAspect
        self.size = size
    }

    /// Draws axes, grid and legend, and the points as circles, cut off at the plot's edges.
    public func draw(into svg: inout SVGWriter) {
        let layout = layout
        layout.draw(into: &svg) { svg in
            for (index, series) in series.enumerated() {
                draw(series, colour: series.colour ?? .ofSeries(index), layout, into: &svg)
            }
        }
    }

    var layout: PlotLayout {
        let points = series.lazy.flatMap(\.points).filter {
            Axis.isDrawable($0.x) && Axis.isDrawable($0.y)
        }
        return PlotLayout(
            .init(
                title: title, size: size, xAxis: xAxis, yAxis: yAxis,
                xRange: xAxis.resolved(over: points.lazy.map(\.x), margin: 0.05),
                yRange: yAxis.resolved(over: points.lazy.map(\.y), margin: 0.05),
                equalAspect: equalAspect, legend: legend))
    }

    private var legend: [Legend.Entry] {
        series.enumerated().map { index, series in
            Legend.Entry(
                name: series.name, colour: series.colour ?? .ofSeries(index),
                mark: .dot(radius: series.radius, opacity: series.opacity))
        }
    }

    private func draw(
        _ series: Series, colour: Colour, _ layout: PlotLayout, into svg: inout SVGWriter
    ) {
        let look: KeyValuePairs<String, SVGValue> = [
            "fill": .colour(colour), "fill-opacity": .number(series.opacity),
        ]
        let box = layout.box
        svg.element("g", look) { svg in
            for case let position? in series.points.lazy.map(layout.position) {
                let inside =
                    position.x > box.x - series.radius && position.y > box.y - series.radius
                    && position.x < box.x + box.width + series.radius
                    && position.y < box.y + box.height + series.radius
                guard inside else { continue }
                svg.element(
                    "circle",
                    [
                        "cx": .number(position.x), "cy": .number(position.y),
                        "r": .number(series.radius),
                    ])
            }
        }
    }
}
