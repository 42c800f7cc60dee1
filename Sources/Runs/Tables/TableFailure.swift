/// Numbers that do not fit their table.
public enum TableFailure: Error, Equatable, Sendable {
    /// A row has another number of fields than the header; rows count from 1.
    case rowLength(row: Int, found: Int, expected: Int)
    /// A table was given no column, or the same one twice.
    case invalidColumns([String])
    /// A value was given for a column that the table does not have.
    case unknownColumn(String, known: [String])
}

extension TableFailure: CustomStringConvertible {
    /// One sentence: what is wrong, where, and what to do.
    public var description: String {
        switch self {
        case .rowLength(let row, let found, let expected):
            "Row \(row) of the table has \(found) fields; give \(expected), as in the header."
        case .invalidColumns(let names):
            "The columns [\(list(names))] cannot make a table; give each a name of its own."
        case .unknownColumn(let name, let known):
            "The table has no column \(name.quoted); name it when the table is made, "
                + "beside [\(list(known))]."
        }
    }

    private func list(_ names: [String]) -> String {
        names.map(\.quoted).joined(separator: ", ")
    }
}
