import Foundation
import Testing

@testable import Figures

@Suite("Field plots")
struct FieldPlotTests {
    /// A function on a grid from -2 to 2 in steps of 0.1.
    private func field(_ function: (Double, Double) -> Double) -> FieldPlot {
        let places = (-20...20).map { Double($0) / 10 }
        let values = places.flatMap { y in places.map { x in function(x, y) } }
        return FieldPlot(xs: places, ys: places, values: values)
    }

    private func paths(_ colour: Colour, of plot: FieldPlot) throws -> [[String: String]] {
        let svg = try #require(ParsedSVG(plot.svgData))
        return svg.all("path").map(\.attributes).filter { $0["stroke"] == colour.hexadecimal }
    }

    /// The positions of each line of a path.
    private func pieces(_ path: [String: String]) -> [[SIMD2<Double>]] {
        (path["d"] ?? "").split(separator: "M").map { piece in
            piece.split(separator: "L").map { position -> SIMD2<Double> in
                let numbers = position.split(separator: " ").map { Double($0) ?? .nan }
                return SIMD2(numbers[0], numbers[1])
            }
        }
    }

    private func distance(_ first: SIMD2<Double>, _ second: SIMD2<Double>) -> Double {
        let way = first - second
        return (way * way).sum().squareRoot()
    }

    @Test("The level lines of a plane are straight and lie where the plane has their heights")
    func plane() {
        let upright = FieldPlot(
            xs: [0, 1, 3], ys: [0, 1, 3], values: [0, 1, 3, 0, 1, 3, 0, 1, 3], levels: 2)
        #expect(upright.levelValues == [1, 2])
        for level in upright.levelValues {
            let expected: [SIMD2<Double>] = [SIMD2(level, 0), SIMD2(level, 1), SIMD2(level, 3)]
            #expect(upright.lines(at: level) == [expected])
        }
        let oblique = field { x, y in 2 * x + y }
        #expect(oblique.levelValues.count == 12)
        for level in oblique.levelValues {
            let lines = oblique.lines(at: level)
            #expect(lines.count == 1)
            #expect(lines.joined().allSatisfy { abs(2 * $0.x + $0.y - level) < 1e-9 })
            let ends = lines.flatMap { [$0[0], $0[$0.count - 1]] }
            #expect(ends.allSatisfy { max(abs($0.x), abs($0.y)) == 2 })
        }
    }

    @Test("A level is one path at the positions that the axes give, deeper the higher it is")
    func drawnLines() throws {
        let plot = field { x, _ in x }
        let lines = try paths(.blue, of: plot)
        #expect(lines.count == 12)
        for (path, level) in zip(lines, plot.levelValues) {
            let line = try #require(pieces(path).first)
            #expect(line.allSatisfy { abs($0.x - plot.layout.x(level)) < 0.01 })
            #expect(abs(line[0].y - plot.layout.y(-2)) < 0.01)
            #expect(abs(line[line.count - 1].y - plot.layout.y(2)) < 0.01)
        }
        let opacities = lines.compactMap { $0["stroke-opacity"].flatMap { Double($0) } }
        #expect(opacities.count == 12 && opacities.last == 1)
        #expect(opacities == opacities.sorted() && Set(opacities).count == 12)
    }

    @Test("The level lines of a cone are closed around its tip, and open where the grid ends")
    func cone() throws {
        let plot = field { x, y in (x * x + y * y).squareRoot() }
        let drawn = try paths(.blue, of: plot).map(pieces)
        #expect(drawn.count == 12)
        for (level, pieces) in zip(plot.levelValues, drawn) {
            let lines = plot.lines(at: level)
            #expect(lines.count == (level < 2 ? 1 : 4))
            #expect(lines.allSatisfy { ($0.first == $0.last) == (level < 2) })
            #expect(lines.joined().allSatisfy { abs(distance($0, .zero) - level) < 0.02 })
            #expect(pieces.map(\.count) == lines.map(\.count))
            #expect(pieces.allSatisfy { ($0.first == $0.last) == (level < 2) })
        }
    }

    @Test("In a saddle's cell the mean says which corners are joined")
    func saddle() {
        let plot = FieldPlot(xs: [0, 1], ys: [0, 1], values: [1, 0, 0, 1])
        let low: [[SIMD2<Double>]] = [
            [SIMD2(0.75, 0), SIMD2(1, 0.25)], [SIMD2(0, 0.75), SIMD2(0.25, 1)],
        ]
        let high: [[SIMD2<Double>]] = [
            [SIMD2(0.25, 0), SIMD2(0, 0.25)], [SIMD2(1, 0.75), SIMD2(0.75, 1)],
        ]
        #expect(plot.lines(at: 0.25) == low)
        #expect(plot.lines(at: 0.75) == high)
    }

    @Test(
        "Cells around a value that is not finite are left out",
        arguments: [Double.nan, .infinity, -.infinity, 1e200])
    func gaps(value: Double) {
        let plot = FieldPlot(
            xs: [0, 1, 2, 3, 4], ys: [0, 1], values: [0, 0, value, 0, 0, 1, 1, 1, 1, 1], levels: 1)
        #expect(plot.levelValues == [0.5])
        let expected: [[SIMD2<Double>]] = [
            [SIMD2(0, 0.5), SIMD2(1, 0.5)], [SIMD2(3, 0.5), SIMD2(4, 0.5)],
        ]
        #expect(plot.lines(at: 0.5) == expected)
    }

    @Test("A constant field has no level lines")
    func constant() throws {
        let plot = field { _, _ in 3 }
        #expect(plot.levelValues.isEmpty)
        #expect(try paths(.blue, of: plot).isEmpty)
    }

    @Test("An arrow is centred on its place and points in its direction, its length in proportion")
    func arrow() throws {
        var plot = field { x, _ in x }
        plot.arrows = [.init(at: SIMD2(0.5, -1), direction: SIMD2(1, 2))]
        plot.arrowLength = 0.5
        let path = try #require(try paths(Style.ink, of: plot).first)
        let lines = pieces(path)
        try #require(lines.map(\.count) == [2, 3])
        let (tail, tip, layout) = (lines[0][0], lines[0][1], plot.layout)
        #expect(distance(tail, SIMD2(layout.x(0.25), layout.y(-1.5))) < 0.02)
        #expect(distance(tip, SIMD2(layout.x(0.75), layout.y(-0.5))) < 0.02)
        #expect(lines[1][1] == tip)
        #expect(distance(lines[1][0], tip) < 6 && distance(lines[1][2], tip) < 6)
        for side in [lines[1][0], lines[1][2]] {
            #expect(((tip - side) * (tip - tail)).sum() > 0)
        }
    }

    @Test("Arrows of length 1 on a lattice of 12 × 12 do not touch", arguments: 0..<8)
    func arrowsApart(eighth: Int) throws {
        let angle = Double(eighth) * Double.pi / 4
        var plot = field { x, _ in x }
        plot.arrows = [.init(at: .zero, direction: SIMD2(cos(angle), sin(angle)))]
        let path = try #require(try paths(Style.ink, of: plot).first)
        let centre = SIMD2(plot.layout.x(0), plot.layout.y(0))
        let reach = pieces(path).joined().map { distance($0, centre) }.max() ?? 0
        let spacing = plot.layout.box.width / 12
        #expect(reach < 0.45 * spacing && reach > 0.4 * spacing)
    }

    @Test("An arrow without a direction is not drawn")
    func noArrow() throws {
        var plot = field { x, _ in x }
        let directions: [SIMD2<Double>] = [
            .zero, SIMD2(.nan, 1), SIMD2(1, .infinity), SIMD2(-1e200, 0),
        ]
        plot.arrows = directions.map { .init(at: .zero, direction: $0) }
        plot.arrows.append(.init(at: SIMD2(.nan, 0), direction: SIMD2(1, 0)))
        #expect(try paths(Style.ink, of: plot).isEmpty)
    }

    @Test("Every finite point is a dot")
    func dots() throws {
        var plot = field { x, _ in x }
        plot.points = [SIMD2(0, 0), SIMD2(1, -1), SIMD2(.nan, 0)]
        let path = try #require(try paths(.orange, of: plot).first?["d"])
        #expect(path.components(separatedBy: "h0").count == 2 + 1)
    }

    @Test("The grid fills the plot, with a unit as long on both axes")
    func layout() {
        let plot = FieldPlot(
            "wide", xs: [0, 4], ys: [0, 1], values: [0, 1, 2, 3], size: FigureSize(500, 300))
        #expect(plot.layout.xRange == 0...4 && plot.layout.yRange == 0...1)
        #expect(abs(plot.layout.box.width - 4 * plot.layout.box.height) < 1e-9)
    }

    @Test("Equal plots give equal documents")
    func deterministic() {
        let plots = (0..<2).map { _ in
            var plot = field { x, y in sin(3 * x) * cos(2 * y) }
            plot.arrows = [.init(at: .zero, direction: SIMD2(3, 0))]
            plot.points = [.zero]
            return plot
        }
        #expect(plots[0].svg == plots[1].svg)
        #expect(plots[0].svg == plots[0].svg)
    }

    @Test("Plots without a grid, or with useless values, are still drawn")
    func degenerate() throws {
        let (xs, useless) = ([0.0, 1], [Double](repeating: .nan, count: 4))
        let figures = [
            FieldPlot(xs: [], ys: [], values: []), FieldPlot(xs: [], ys: xs, values: [1]),
            FieldPlot(xs: xs, ys: [], values: [1]), FieldPlot(xs: xs, ys: [2], values: [1, 2]),
            FieldPlot(xs: xs, ys: xs, values: [1, 2, 3]),
            FieldPlot(xs: xs, ys: xs, values: useless),
            FieldPlot(xs: [.nan, 1], ys: xs, values: [1, 2, 3, 4]),
            FieldPlot(xs: xs, ys: xs, values: [1, 2, 3, 4], levels: -1),
            FieldPlot(xs: xs, ys: xs, values: [1, 2, 3, 4], size: FigureSize(20, 20)),
        ]
        for figure in figures {
            #expect(ParsedSVG(figure.svgData) != nil)
            #expect(try figure.image().width >= 1)
        }
    }
}
