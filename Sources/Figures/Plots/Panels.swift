/// Figures side by side and below each other, as one figure.
public struct Panels: Figure {
    /// Shown above all figures in a strip of 32 pixels; empty for none.
    public var title: String
    /// The figures, row by row from the upper left.
    public var figures: [any Figure]
    /// Figures per row: the number of figures sets them side by side, 1 stacks them.
    public var columns: Int
    /// In pixels, between figures.
    public var spacing: Double

    /// - Parameters:
    ///   - figures: Row by row from the upper left.
    ///   - columns: Figures per row, at least 1; smaller numbers count as 1.
    ///   - title: Shown above all figures; empty for none.
    ///   - spacing: In pixels, between figures.
    public init(
        _ figures: [any Figure], columns: Int, title: String = "", spacing: Double = 12
    ) {
        self.title = title
        self.figures = figures
        self.columns = columns
        self.spacing = spacing
    }

    /// Each column is as wide as its widest figure, and each row as high as its highest one.
    public var size: FigureSize {
        let (widths, heights) = cells
        return FigureSize(
            max(Self.extent(widths, spacing), 1),
            max(titleHeight + Self.extent(heights, spacing), 1))
    }

    /// Draws each figure at the upper left of its place, without a card of its own.
    public func draw(into svg: inout SVGWriter) {
        if !title.isEmpty {
            svg.element(
                "text",
                [
                    "x": .number(size.width / 2), "y": "24", "text-anchor": "middle",
                    "font-size": .number(Style.titleSize + 1), "font-weight": "600",
                    "fill": .colour(Style.ink),
                ], text: title)
        }
        let (widths, heights) = cells
        for (index, figure) in figures.enumerated() {
            let (row, column) = index.quotientAndRemainder(dividingBy: max(columns, 1))
            let x = Self.start(of: column, widths, spacing)
            let y = titleHeight + Self.start(of: row, heights, spacing)
            let place = "translate(\(SVGValue.digits(x)) \(SVGValue.digits(y)))"
            svg.element("g", ["transform": .text(place)], content: figure.draw)
        }
    }

    private var titleHeight: Double { title.isEmpty ? 0 : 32 }

    /// The width of every column and the height of every row: those of the largest figure in it.
    private var cells: (widths: [Double], heights: [Double]) {
        let columns = min(max(columns, 1), max(figures.count, 1))
        var widths = [Double](repeating: 0, count: columns)
        var heights = [Double](repeating: 0, count: (figures.count + columns - 1) / columns)
        for (index, figure) in figures.enumerated() {
            let (row, column) = index.quotientAndRemainder(dividingBy: columns)
            widths[column] = max(widths[column], figure.size.width)
            heights[row] = max(heights[row], figure.size.height)
        }
        return (widths, heights)
    }

    private static func extent(_ lengths: [Double], _ spacing: Double) -> Double {
        lengths.reduce(0, +) + spacing * Double(max(lengths.count - 1, 0))
    }

    private static func start(of index: Int, _ lengths: [Double], _ spacing: Double) -> Double {
        lengths.prefix(index).reduce(0, +) + spacing * Double(index)
    }
}
