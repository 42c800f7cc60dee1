/// Cells of text in columns that line up, two blanks apart.
///
/// A column is as wide as its longest cell, in characters; no line ends with blanks.
package struct TextTable: CustomStringConvertible {
    /// Where a column's cells are, and how wide it is at least.
    package struct Column: Sendable {
        fileprivate let isLeading: Bool
        fileprivate let leastWidth: Int

        /// Cells that begin one below the other.
        package static let leading = leading(atLeast: 0)

        /// Cells that end one below the other, as numbers do.
        package static let trailing = trailing(atLeast: 0)

        /// Cells that begin one below the other, with room for so many characters.
        package static func leading(atLeast width: Int) -> Column {
            Column(isLeading: true, leastWidth: width)
        }

        /// Cells that end one below the other, with room for so many characters.
        package static func trailing(atLeast width: Int) -> Column {
            Column(isLeading: false, leastWidth: width)
        }

        fileprivate func filled(_ cell: String, to width: Int) -> String {
            let blanks = String(repeating: " ", count: width - cell.count)
            return isLeading ? cell + blanks : blanks + cell
        }
    }

    private let columns: [Column]
    private let rows: [[String]]

    /// - Parameters:
    ///   - columns: From the first on; those after the last one are as that one, or begin one below
    ///     the other where none is given.
    ///   - heading: What stands above the columns; nil for nothing.
    ///   - rows: The cells of each line; a row may have fewer than others.
    package init(_ columns: Column..., heading: [String]? = nil, rows: [[String]]) {
        self.rows = (heading.map { [$0] } ?? []) + rows
        let count = self.rows.map(\.count).max() ?? 0
        self.columns = (0..<count).map { place in
            place < columns.count ? columns[place] : columns.last ?? .leading
        }
    }

    /// One line for each row, the heading first.
    package var lines: [String] {
        let widths = columns.indices.map { place in
            rows.reduce(columns[place].leastWidth) { width, row in
                place < row.count ? max(width, row[place].count) : width
            }
        }
        return rows.map { row in
            var line = row.indices.map { columns[$0].filled(row[$0], to: widths[$0]) }
                .joined(separator: "  ")
            while line.last == " " { line.removeLast() }
            return line
        }
    }

    /// All lines, without an end of line after the last one.
    package var description: String { lines.joined(separator: "\n") }
}
