/// Where the parts of a plot lie, and how data become positions.
struct PlotLayout {
    /// A rectangle in pixels.
    struct Box {
        var x: Double
        var y: Double
        var width: Double
        var height: Double
    }

    /// What a plot asks for.
    struct Request {
        var title: String
        var size: FigureSize
        var xAxis: Axis
        var yAxis: Axis
        var xRange: ClosedRange<Double>
        var yRange: ClosedRange<Double>
        var equalAspect = false
        var legend: [Legend.Entry]
    }

    let request: Request
    let legend: Legend
    private(set) var box: Box
    private(set) var xRange: ClosedRange<Double>
    private(set) var yRange: ClosedRange<Double>
    let xTicks: Ticks
    let yTicks: Ticks
    /// The width kept free for the labels beside the y axis.
    let tickLabelWidth: Double

    init(_ request: Request) {
        self.request = request
        (xRange, yRange) = (request.xRange, request.yRange)
        let size = request.size
        let rough = Ticks(
            over: yRange, step: Self.step(yRange, length: size.height - 80, spacing: 38))
        tickLabelWidth =
            rough.labels.map { Style.width(of: $0, size: Style.tickSize) }.max() ?? 0
        let left = 16 + tickLabelWidth + (request.yAxis.caption.isEmpty ? 0 : 20)
        legend = Legend(request.legend, width: size.width - left - 14)
        let top = (request.title.isEmpty ? 12.0 : 34) + legend.height
        let bottom = request.xAxis.caption.isEmpty ? 28.0 : 48
        box = Box(
            x: left, y: top, width: max(size.width - left - 20, 10),
            height: max(size.height - top - bottom, 10))
        if request.equalAspect {
            Self.equalise(
                &box, &xRange, &yRange,
                isFixed: (
                    request.xAxis.range != nil, request.yAxis.range != nil
                ))
        }
        var xStep = Self.step(xRange, length: box.width, spacing: 62)
        var yStep = Self.step(yRange, length: box.height, spacing: 38)
        if request.equalAspect {
            xStep = max(xStep, yStep)
            yStep = xStep
        }
        xTicks = Ticks(over: xRange, step: xStep)
        yTicks = Ticks(over: yRange, step: yStep)
    }

    private static func step(
        _ range: ClosedRange<Double>, length: Double, spacing: Double
    ) -> Double {
        Ticks.step(over: range, about: max(Int(length / spacing), 2))
    }

    /// Gives both axes the same pixels per unit: an axis that follows the data shows more, one that
    /// is fixed gets a shorter side of the box.
    private static func equalise(
        _ box: inout Box, _ x: inout ClosedRange<Double>, _ y: inout ClosedRange<Double>,
        isFixed: (x: Bool, y: Bool)
    ) {
        let xUnit = (x.upperBound - x.lowerBound) / box.width
        let yUnit = (y.upperBound - y.lowerBound) / box.height
        if xUnit < yUnit {
            guard isFixed.x else {
                x = widened(x, to: yUnit * box.width)
                return
            }
            let width = box.width * xUnit / yUnit
            box.x += (box.width - width) / 2
            box.width = width
        } else {
            guard isFixed.y else {
                y = widened(y, to: xUnit * box.height)
                return
            }
            let height = box.height * yUnit / xUnit
            box.y += (box.height - height) / 2
            box.height = height
        }
    }

    private static func widened(
        _ range: ClosedRange<Double>, to span: Double
    ) -> ClosedRange<Double> {
        let middle = (range.lowerBound + range.upperBound) / 2
        return (middle - span / 2)...(middle + span / 2)
    }

    func x(_ value: Double) -> Double {
        box.x + (value - xRange.lowerBound) / (xRange.upperBound - xRange.lowerBound) * box.width
    }

    func y(_ value: Double) -> Double {
        box.y + box.height
            - (value - yRange.lowerBound) / (yRange.upperBound - yRange.lowerBound) * box.height
    }

    /// The position of a point in the figure; nil where it has none.
    func position(_ point: SIMD2<Double>) -> SIMD2<Double>? {
        guard Axis.isDrawable(point.x), Axis.isDrawable(point.y) else { return nil }
        return SIMD2(x(point.x), y(point.y))
    }
}

extension PlotLayout {
    /// Draws title, legend, grid, frame, ticks and captions, and between them the data, cut off at
    /// the plot's edges.
    func draw(into svg: inout SVGWriter, data: (inout SVGWriter) -> Void) {
        drawTitle(into: &svg)
        legend.draw(into: &svg, x: box.x, y: box.y - legend.height - 5)
        drawGrid(into: &svg)
        // A nested viewport cuts off without an id, which could clash with another figure's when
        // several are put into one page.
        let edges = [box.x, box.y, box.width, box.height]
        let viewport: KeyValuePairs<String, SVGValue> = [
            "x": .number(box.x), "y": .number(box.y),
            "width": .number(box.width), "height": .number(box.height),
            "viewBox": .numbers(edges), "overflow": "hidden",
        ]
        svg.element("svg", viewport, content: data)
        drawFrame(into: &svg)
        drawTickLabels(into: &svg)
        drawCaptions(into: &svg)
    }

    /// Where the title's text begins: its left edge and its baseline.
    var titleOrigin: SIMD2<Double> { SIMD2(box.x, box.y - legend.height - 13) }

    private func drawTitle(into svg: inout SVGWriter) {
        guard !request.title.isEmpty else { return }
        svg.element(
            "text",
            [
                "x": .number(titleOrigin.x), "y": .number(titleOrigin.y),
                "font-size": .number(Style.titleSize), "font-weight": "600",
                "fill": .colour(Style.ink),
            ], text: request.title)
    }

    private func drawGrid(into svg: inout SVGWriter) {
        var path = ""
        for value in xTicks.values {
            let x = SVGValue.digits(x(value))
            path += "M\(x) \(SVGValue.digits(box.y))v\(SVGValue.digits(box.height))"
        }
        for value in yTicks.values {
            let y = SVGValue.digits(y(value))
            path += "M\(SVGValue.digits(box.x)) \(y)h\(SVGValue.digits(box.width))"
        }
        guard !path.isEmpty else { return }
        svg.element(
            "path", ["d": .text(path), "stroke": .colour(Style.grid), "stroke-width": "1"])
    }

    private func drawFrame(into svg: inout SVGWriter) {
        svg.element(
            "rect",
            [
                "x": .number(box.x), "y": .number(box.y),
                "width": .number(box.width), "height": .number(box.height),
                "fill": "none", "stroke": .colour(Style.axis), "stroke-width": "1",
            ])
    }

    private func drawTickLabels(into svg: inout SVGWriter) {
        let look: KeyValuePairs<String, SVGValue> = [
            "font-size": .number(Style.tickSize), "fill": .colour(Style.fadedInk),
        ]
        svg.element("g", look) { svg in
            for (value, label) in zip(xTicks.values, xTicks.labels) {
                svg.element(
                    "text",
                    [
                        "x": .number(x(value)), "y": .number(box.y + box.height + 16),
                        "text-anchor": "middle",
                    ], text: label)
            }
            for (value, label) in zip(yTicks.values, yTicks.labels) {
                svg.element(
                    "text",
                    [
                        "x": .number(box.x - 7), "y": .number(y(value) + 4), "text-anchor": "end",
                    ], text: label)
            }
        }
    }

    private func drawCaptions(into svg: inout SVGWriter) {
        let (xCaption, yCaption) = (request.xAxis.caption, request.yAxis.caption)
        if !xCaption.isEmpty {
            drawCaption(
                xCaption, x: box.x + box.width / 2, y: box.y + box.height + 36, turn: "",
                into: &svg)
        }
        if !yCaption.isEmpty {
            drawCaption(
                yCaption, x: 0, y: 0,
                turn: "translate(\(SVGValue.digits(box.x - tickLabelWidth - 16)) "
                    + "\(SVGValue.digits(box.y + box.height / 2))) rotate(-90)",
                into: &svg)
        }
    }

    private func drawCaption(
        _ text: String, x: Double, y: Double, turn: String, into svg: inout SVGWriter
    ) {
        svg.element(
            "text",
            [
                "x": .number(x), "y": .number(y), "transform": .text(turn),
                "text-anchor": "middle", "font-size": .number(Style.labelSize),
                "fill": .colour(Style.ink),
            ], text: text)
    }
}

/// The names of a plot's series beside their marks, in rows above the plot, where they never cover
/// data.
struct Legend {
    /// What stands before a name.
    enum Mark {
        case dot(radius: Double, opacity: Double)
        case line
        case dashes
    }

    struct Entry {
        let name: String
        let colour: Colour
        let mark: Mark
    }

    static let rowHeight = 18.0
    private static let markWidth = 24.0
    private static let gap = 10.0

    private let rows: [[(entry: Entry, x: Double)]]

    /// - Parameters:
    ///   - entries: Those without a name are left out.
    ///   - width: The width at which a row is full.
    init(_ entries: [Entry], width: Double) {
        var rows: [[(entry: Entry, x: Double)]] = []
        var x = Double.infinity
        for entry in entries where !entry.name.isEmpty {
            let extent = Self.markWidth + Style.width(of: entry.name, size: Style.tickSize)
            if x + extent > width {
                rows.append([])
                x = 0
            }
            rows[rows.count - 1].append((entry, x))
            x += extent + Self.gap
        }
        self.rows = rows
    }

    var height: Double { Double(rows.count) * Self.rowHeight }

    func draw(into svg: inout SVGWriter, x: Double, y: Double) {
        for (index, row) in rows.enumerated() {
            let middle = y + (Double(index) + 0.5) * Self.rowHeight
            for (entry, offset) in row {
                Self.draw(entry, into: &svg, x: x + offset, middle: middle)
            }
        }
    }

    private static func draw(
        _ entry: Entry, into svg: inout SVGWriter, x: Double, middle: Double
    ) {
        switch entry.mark {
        case .dot(let radius, let opacity):
            svg.element(
                "circle",
                [
                    "cx": .number(x + 8), "cy": .number(middle),
                    "r": .number(min(max(radius, 3.5), 6)),
                    "fill": .colour(entry.colour), "fill-opacity": .number(max(opacity, 0.6)),
                ])
        case .line, .dashes:
            let isDashed = if case .dashes = entry.mark { true } else { false }
            svg.element(
                "line",
                [
                    "x1": .number(x + 1), "x2": .number(x + 17),
                    "y1": .number(middle), "y2": .number(middle),
                    "stroke": .colour(entry.colour), "stroke-width": isDashed ? "1.5" : "2.5",
                    "stroke-dasharray": isDashed ? "4 2" : "none",
                ])
        }
        svg.element(
            "text",
            [
                "x": .number(x + markWidth - 3), "y": .number(middle + 4),
                "font-size": .number(Style.tickSize), "fill": .colour(Style.ink),
            ], text: entry.name)
    }
}
