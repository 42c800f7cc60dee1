package import Foundation

/// The measured values of a run: one row for each step that was measured, in the order appended.
package struct MetricsTable: Sendable {
    /// The names of the values, in the order of the columns; the step comes before them.
    package let columns: [String]
    /// The steps measured, one for each row.
    package private(set) var steps: [Int] = []

    private var rows: [[Double]] = []
    private let places: [String: Int]

    /// - Parameter columns: Names that differ from each other and from "step".
    /// - Throws: ``TableFailure`` when a name occurs twice.
    package init(columns: [String]) throws {
        let names = ["step"] + columns
        guard Set(names).count == names.count else { throw TableFailure.invalidColumns(names) }
        self.columns = columns
        places = Dictionary(uniqueKeysWithValues: zip(columns, columns.indices))
    }

    /// Adds a row.
    ///
    /// - Parameters:
    ///   - step: The generator step that was measured.
    ///   - values: Values by column name; those not given stay empty.
    /// - Throws: ``TableFailure`` when the table has no such column; it is then unchanged.
    package mutating func append(step: Int, values: [String: Double]) throws {
        var row = [Double](repeating: .nan, count: columns.count)
        for name in values.keys.sorted() {
            guard let place = places[name], let value = values[name] else {
                throw TableFailure.unknownColumn(name, known: columns)
            }
            row[place] = value
        }
        steps.append(step)
        rows.append(row)
    }

    /// The values of one column, one for each row, NaN where there is none.
    ///
    /// - Throws: ``TableFailure`` when the table has no such column.
    package func values(of column: String) throws -> [Double] {
        guard let place = places[column] else {
            throw TableFailure.unknownColumn(column, known: columns)
        }
        return rows.map { $0[place] }
    }

    /// The table as comma-separated text, values not given as empty fields.
    package func csv() throws -> Data {
        let rows = zip(steps, rows).lazy.map { [Double($0)] + $1 }
        return try CSV.encode(header: ["step"] + columns, rows: rows)
    }
}
