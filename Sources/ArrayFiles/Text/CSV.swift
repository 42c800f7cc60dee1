public import Foundation

/// Tables of numbers as comma-separated text.
///
/// Fields are quoted as RFC 4180 says; lines end in a line feed alone, as command-line tools
/// expect.
public enum CSV {
    /// Encodes a table.
    ///
    /// - Parameters:
    ///   - header: The names of the columns; at least one.
    ///   - rows: As many numbers each. Not-a-number becomes an empty field; other numbers read back
    ///     as the same bits.
    /// - Throws: ``TableFailure`` when a row has another length than the header.
    public static func encode(header: [String], rows: some Sequence<[Double]>) throws -> Data {
        var text = line(header.map(quoted))
        for (index, row) in rows.enumerated() {
            guard row.count == header.count else {
                throw TableFailure.rowLength(
                    row: index + 1, found: row.count, expected: header.count)
            }
            text += line(row.map(field))
        }
        return Data(text.utf8)
    }

    private static func line(_ fields: [String]) -> String {
        // A line with nothing on it would be skipped by readers.
        (fields == [""] ? "\"\"" : fields.joined(separator: ",")) + "\n"
    }

    private static func field(_ number: Double) -> String {
        if number.isNaN { return "" }
        let text = number.description
        return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
    }

    package static func quoted(_ text: String) -> String {
        let special: Set<Unicode.Scalar> = [",", "\"", "\n", "\r"]
        guard text.unicodeScalars.contains(where: special.contains) else { return text }
        return "\"" + text.replacingOccurrences(of: "\"", with: "\"\"") + "\""
    }
}

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
