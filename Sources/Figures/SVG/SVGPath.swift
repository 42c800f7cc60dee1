/// The `d` attribute of a path made of straight lines.
struct SVGPath {
    private(set) var commands = ""
    private var isDrawing = false
    private var isSinglePoint = false

    /// Goes on to the point, or begins a new line there after a gap.
    mutating func add(_ point: SIMD2<Double>) {
        commands += isDrawing ? "L" : "M"
        commands += SVGValue.digits(point.x)
        commands += " "
        commands += SVGValue.digits(point.y)
        isSinglePoint = !isDrawing
        isDrawing = true
    }

    /// Ends the line; a line of one point becomes a dot, which round line ends make visible.
    mutating func lift() {
        if isSinglePoint { commands += "h0" }
        isDrawing = false
        isSinglePoint = false
    }
}
