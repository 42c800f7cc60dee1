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
