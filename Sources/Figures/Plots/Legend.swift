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
        let color: Color
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
                    "fill": .color(entry.color), "fill-opacity": .number(max(opacity, 0.6)),
                ])
        case .line, .dashes:
            let isDashed = if case .dashes = entry.mark { true } else { false }
            svg.element(
                "line",
                [
                    "x1": .number(x + 1), "x2": .number(x + 17),
                    "y1": .number(middle), "y2": .number(middle),
                    "stroke": .color(entry.color), "stroke-width": isDashed ? "1.5" : "2.5",
                    "stroke-dasharray": isDashed ? "4 2" : "none",
                ])
        }
        svg.element(
            "text",
            [
                "x": .number(x + markWidth - 3), "y": .number(middle + 4),
                "font-size": .number(Style.tickSize), "fill": .color(Style.ink),
            ], text: entry.name)
    }
}
