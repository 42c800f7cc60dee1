import Foundation
import Testing

@testable import Figures

@Suite("Plots")
struct PlotTests {
    private let hostile = "a < b & \"c\" \u{1} ∇x"

    @Test("A scatter plot is well-formed XML with its captions, legend and every point")
    func scatterDocument() throws {
        let points = (0..<20).map { SIMD2(Double($0), Double($0 * $0)) }
        let plot = Scatter(
            hostile, series: [.init(hostile, points: points), .init("second", points: points)],
            xAxis: Axis("width", unit: "cm"), yAxis: Axis(hostile), equalAspect: false)
        let svg = try #require(ParsedSVG(plot.svgData))
        #expect(svg.texts.contains("width (cm)"))
        #expect(svg.texts.filter { $0 == "a < b & \"c\" \u{FFFD} ∇x" }.count == 3)
        #expect(svg.all("circle").count == 2 * 20 + 2)
        #expect(svg.elements.allSatisfy { $0.attributes["id"] == nil })
    }

    @Test("Points that are not finite or lie outside a fixed range are left out")
    func scatterOmits() throws {
        let points: [SIMD2<Double>] = [
            SIMD2(0, 0), SIMD2(.nan, 0), SIMD2(0, .infinity), SIMD2(9, 0), SIMD2(0, -1e300),
        ]
        let fixed = Axis("x", range: -4...4)
        let plot = Scatter(series: [.init("", points: points)], xAxis: fixed, yAxis: fixed)
        let svg = try #require(ParsedSVG(plot.svgData))
        #expect(svg.all("circle").count == 1)
    }

    @Test(
        "Equal aspect gives both axes the same pixels per unit",
        arguments: [
            (nil, nil), (-4.0...4.0, -4.0...4.0), (-4.0...4.0, nil), (0.0...1.0, 0.0...9.0),
        ]
            as [(ClosedRange<Double>?, ClosedRange<Double>?)])
    func equalAspect(x: ClosedRange<Double>?, y: ClosedRange<Double>?) {
        let layout = Scatter(
            series: [.init("", points: [SIMD2(0, 0), SIMD2(5, 1)])], xAxis: Axis("x", range: x),
            yAxis: Axis("y", range: y), size: FigureSize(500, 300)
        ).layout
        let unit = (layout.x(1) - layout.x(0), layout.y(0) - layout.y(1))
        #expect(abs(unit.0 - unit.1) < 1e-9)
        #expect(x == nil || layout.xRange == x)
        #expect(y == nil || layout.yRange == y)
    }

    @Test("With equal aspect the grid is square")
    func squareGrid() {
        let axis = Axis("x", range: -4...4)
        let layout = Scatter(series: [], xAxis: axis, yAxis: axis).layout
        #expect(layout.xTicks == layout.yTicks)
        #expect(layout.xTicks.labels.first == "−4")
    }

    @Test("A value that is not finite interrupts a line, and a lone value becomes a dot")
    func lineGaps() throws {
        let chart = LineChart(
            series: [
                .init("a", x: [0, 1, 2, 3, 4, 5], y: [1, 2, .nan, 4, .infinity, 6])
            ], xAxis: Axis("step"), yAxis: Axis("loss"))
        let svg = try #require(ParsedSVG(chart.svgData))
        let path = try #require(svg.all("path").last?.attributes["d"])
        #expect(path.count { $0 == "M" } == 3)
        #expect(path.count { $0 == "L" } == 1)
        #expect(path.components(separatedBy: "h0").count == 3)
    }

    @Test("A smoothed line is drawn over the faded one, and the reference line is in the legend")
    func smoothedLine() throws {
        let chart = LineChart(
            series: [
                .init("a", x: [0, 1, 2, 3], y: [1, 9, 1, 1], medianWindow: 3)
            ], xAxis: Axis("step"), yAxis: Axis("loss"),
            reference: .init(y: 0.5, label: "optimum"))
        let svg = try #require(ParsedSVG(chart.svgData))
        let lines = svg.all("path").filter { $0.attributes["stroke-opacity"] != nil }
        #expect(lines.count == 2)
        #expect(svg.texts.contains("optimum"))
        #expect(svg.all("line").contains { $0.attributes["stroke-dasharray"] == "5 4" })
    }

    @Test("A line of very many points is thinned and keeps its extremes and gaps")
    func thinning() {
        var points = (0..<50_000).map { SIMD2(Double($0), sin(Double($0))) }
        points[30_123].y = 100
        points[40_321].y = -100
        for index in 10_000..<20_000 { points[index].y = .nan }
        let few = thinned(points, to: 500)
        #expect(few.count <= 1000)
        #expect(few.contains(points[30_123]) && few.contains(points[40_321]))
        #expect(few.contains { $0.y.isNaN })
        #expect(zip(few, few.dropFirst()).allSatisfy { $0.x < $1.x })
    }

    @Test("Plots without data, or with useless data and ranges, are still drawn")
    func degenerate() throws {
        let useless = [SIMD2(Double.nan, 1), SIMD2(.infinity, -.infinity)]
        let axis = Axis("x", range: 3...3)
        let endless = Axis("x", range: -Double.infinity...Double.infinity)
        let figures: [any Figure] = [
            Scatter(series: []), Scatter(series: [.init("a", points: useless)]),
            Scatter(series: [.init("a", points: [SIMD2(1e16, 1e16), SIMD2(1e16 + 2, 1e16)])]),
            Scatter(series: [.init("a", points: [SIMD2(1, 2)])], xAxis: axis, yAxis: endless),
            Scatter(series: [.init("a", points: [.zero])], size: FigureSize(20, 20)),
            LineChart(series: [], xAxis: Axis(), yAxis: Axis()),
            LineChart(
                series: [.init("a", x: [0], y: [1], medianWindow: 5)], xAxis: axis,
                yAxis: endless, reference: .init(y: .nan)),
            Panels([], columns: 0),
        ]
        for figure in figures {
            #expect(ParsedSVG(figure.svgData) != nil)
            #expect(try figure.image().width >= 1)
        }
    }

    @Test("Panels keep figures apart in rows and columns")
    func panels() throws {
        let small = Scatter("small", series: [], size: FigureSize(100, 80))
        let large = Scatter("large", series: [], size: FigureSize(200, 120))
        let panels = Panels([small, large, small], columns: 2, spacing: 10)
        #expect(panels.size == FigureSize(100 + 10 + 200, 120 + 10 + 80))
        let svg = try #require(ParsedSVG(panels.svgData))
        let places = svg.all("g").compactMap { $0.attributes["transform"] }
        #expect(places == ["translate(0 0)", "translate(110 0)", "translate(0 130)"])
    }
}
