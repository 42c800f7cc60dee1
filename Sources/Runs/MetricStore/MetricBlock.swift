import Foundation
import GRDB
import GRDBSQLite

/// Values of the same metrics at step after step, gathered to be handed on together.
///
/// Gathering takes a training a tenth of what handing on every step does.
package struct MetricBlock: Sendable {
    /// The metrics' names; each row has one value for each, in this order.
    package let names: [String]
    /// The steps that were measured.
    package private(set) var steps: [Int] = []
    private var times: [Double] = []
    private var values: [Double] = []

    /// A block without steps so far.
    package init(of names: [String]) { self.names = names }

    /// What was measured at one step, now; of values with one name the last.
    init(step: Int, _ values: [(name: String, value: Double)]) {
        let values = Dictionary(values.map { ($0.name, $0.value) }) { $1 }
        names = Array(values.keys)
        append(step: step, time: Date().timeIntervalSince1970, Array(values.values))
    }

    /// Adds a step.
    ///
    /// - Parameters:
    ///   - time: When it was measured, in seconds since 1970.
    ///   - row: A value for each name; not-a-number where nothing was measured.
    package mutating func append(step: Int, time: Double, _ row: [Double]) {
        precondition(row.count == names.count, "a value for each metric")
        steps.append(step)
        times.append(time)
        values.append(contentsOf: row)
    }

    /// The values of one of the metrics with their steps; none of a metric that the block has not.
    package func points(of name: String) -> [MetricPoint] {
        guard let column = names.firstIndex(of: name) else { return [] }
        return steps.indices.compactMap { row in
            let value = values[row * names.count + column]
            return value.isNaN ? nil : MetricPoint(step: steps[row], value: value, time: times[row])
        }
    }

    /// What was measured at each step.
    var rows: [(step: Int, time: Double, values: [(name: String, value: Double)])] {
        steps.indices.map { row in
            let measured = zip(names, values[row * names.count..<(row + 1) * names.count])
                .filter { !$0.1.isNaN }
            return (steps[row], times[row], measured.map { (name: $0, value: $1) })
        }
    }

    /// What the block takes of the room that may be pending.
    var weight: Int { values.count + steps.count }
}

extension MetricBlock {
    /// Adds the values of blocks to the tables, in place of earlier ones of the same step and name.
    static func insert(_ blocks: [MetricBlock], into database: Database) throws {
        let insertion = try database.cachedStatement(
            sql:
                "INSERT OR REPLACE INTO measurement (metric, step, value, time) VALUES (?, ?, ?, ?)"
        ).sqliteStatement
        // Metric by metric, the rows go where the one before went.
        for name in Set(blocks.flatMap(\.names)) {
            sqlite3_bind_int64(insertion, 1, try identifier(of: name, in: database))
            for point in blocks.lazy.flatMap({ $0.points(of: name) }) {
                // GRDB's own binding takes several times as long, of the time to train in.
                sqlite3_bind_int64(insertion, 2, Int64(point.step))
                sqlite3_bind_double(insertion, 3, point.value)
                sqlite3_bind_double(insertion, 4, point.time)
                let code = sqlite3_step(insertion)
                sqlite3_reset(insertion)
                if code != SQLITE_DONE {
                    throw DatabaseError(resultCode: ResultCode(rawValue: code))
                }
            }
        }
    }

    private static func identifier(of name: String, in database: Database) throws -> Int64 {
        try database.execute(
            sql: "INSERT OR IGNORE INTO metric (name) VALUES (?)", arguments: [name])
        let sql = "SELECT id FROM metric WHERE name = ?"
        guard let identifier = try Int64.fetchOne(database, sql: sql, arguments: [name]) else {
            throw DatabaseError(resultCode: .SQLITE_CORRUPT)
        }
        return identifier
    }
}
