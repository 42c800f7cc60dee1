import ArrayFiles
package import Foundation
import GRDB
import GRDBSQLite

/// The values of one metric, by ascending step.
package struct MetricSeries: Equatable, Sendable {
    /// The steps that were measured.
    package var steps: [Int] = []
    /// One value for each step; any double.
    package var values: [Double] = []
    /// When each was measured, in seconds since 1970.
    package var times: [Double] = []

    /// A metric that was never measured.
    package init() {}

    init(steps: [Int], values: [Double], times: [Double]) {
        (self.steps, self.values, self.times) = (steps, values, times)
    }
}

extension [String: MetricSeries] {
    /// The steps at which any of the metrics was measured, ascending.
    package var steps: [Int] {
        // Most often all were measured at the same ones.
        let longest = values.map(\.steps).max { $0.count < $1.count } ?? []
        if values.allSatisfy({ $0.steps == longest }) { return longest }
        return Set(values.flatMap(\.steps)).sorted()
    }

    /// What was measured at the last so many steps at which anything was.
    package func lastSteps(_ count: Int) -> Self {
        guard count > 0, let first = steps.suffix(count).first else { return [:] }
        return mapValues { $0.dropping(before: first) }.filter { !$0.value.steps.isEmpty }
    }
}

extension MetricSeries {
    fileprivate func dropping(before step: Int) -> MetricSeries {
        let start = steps.firstIndex { $0 >= step } ?? steps.endIndex
        return MetricSeries(
            steps: Array(steps[start...]), values: Array(values[start...]),
            times: Array(times[start...]))
    }
}

/// One value of a metric.
package struct MetricPoint: Equatable, Sendable {
    /// The step that was measured.
    package let step: Int
    /// Any double.
    package let value: Double
    /// When it was measured, in seconds since 1970.
    package let time: Double
}

/// What was measured at a step.
struct MetricRecord: Sendable {
    let step: Int
    /// Seconds since 1970.
    let time: Double
    let values: [(name: String, value: Double)]

    /// Adds values to the tables, in place of earlier ones of the same step and name.
    static func insert(_ records: [MetricRecord], into database: Database) throws {
        var rows: [String: [(step: Int, value: Double, time: Double)]] = [:]
        for record in records {
            for (name, value) in record.values {
                rows[name, default: []].append((record.step, value, record.time))
            }
        }
        let insertion = try database.cachedStatement(
            sql:
                "INSERT OR REPLACE INTO measurement (metric, step, value, time) VALUES (?, ?, ?, ?)"
        ).sqliteStatement
        // Metric by metric, the rows go where the one before went.
        for (name, rows) in rows {
            sqlite3_bind_int64(insertion, 1, try identifier(of: name, in: database))
            for row in rows {
                // GRDB's own binding takes several times as long, of the time to train in.
                sqlite3_bind_int64(insertion, 2, Int64(row.step))
                sqlite3_bind_double(insertion, 3, row.value)
                sqlite3_bind_double(insertion, 4, row.time)
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

    package init(of names: [String]) { self.names = names }

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
    package func values(of name: String) -> [(step: Int, value: Double)] {
        guard let column = names.firstIndex(of: name) else { return [] }
        return steps.indices.map { (steps[$0], values[$0 * names.count + column]) }
            .filter { !$0.1.isNaN }
    }

    /// What the block takes of the room that may be pending.
    var weight: Int { values.count + steps.count }

    /// A record for each step, of what was measured there.
    var records: [MetricRecord] {
        steps.indices.map { row in
            let measured = zip(names, values[row * names.count..<(row + 1) * names.count])
                .filter { !$0.1.isNaN }
            return MetricRecord(
                step: steps[row], time: times[row],
                values: measured.map { (name: $0, value: $1) })
        }
    }
}

/// The measured values of a run as one table: a row for each step, a column for each metric.
package struct MetricsTable: Sendable {
    /// The names of the metrics, sorted.
    package let metrics: [String]
    /// The steps at which any of them was measured, ascending.
    package let steps: [Int]
    /// A value for each step and, within, for each metric; not-a-number where there is none.
    private var values: [Double]

    /// - Parameter series: Metrics by name.
    package init(_ series: [String: MetricSeries]) {
        metrics = series.keys.sorted()
        steps = series.steps
        values = [Double](repeating: .nan, count: steps.count * metrics.count)
        for (column, name) in metrics.enumerated() {
            guard let series = series[name] else { continue }
            var row = 0
            for (step, value) in zip(series.steps, series.values) {
                while steps[row] < step { row += 1 }
                values[row * metrics.count + column] = value
            }
        }
    }

    /// The values at one of ``steps``, one for each metric.
    package func row(_ index: Int) -> ArraySlice<Double> {
        values[index * metrics.count..<(index + 1) * metrics.count]
    }

    /// The table as comma-separated text, the step first, gaps as empty fields.
    package func csv() throws -> Data {
        // A metric may well be called "step", as the column of steps is.
        let header = ["step"] + metrics.map { $0 == "step" ? "step (metric)" : $0 }
        let rows = steps.indices.lazy.map { [Double(steps[$0])] + row($0) }
        return try CSV.encode(header: header, rows: rows)
    }
}
