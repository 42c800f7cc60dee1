/// Numbers that do not fit their table.
public enum TableFailure: Error, Equatable, Sendable {
    /// A row has another number of fields than the header; rows count from 1.
    case rowLength(row: Int, found: Int, expected: Int)
}

extension TableFailure: CustomStringConvertible {
    /// One sentence: what is wrong, where, and what to do.
    public var description: String {
        switch self {
        case .rowLength(let row, let found, let expected):
            "Row \(row) of the table has \(found) fields; give \(expected), as in the header."
        }
    }
}
