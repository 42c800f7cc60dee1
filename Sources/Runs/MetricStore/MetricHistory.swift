import Files
import Foundation
import GRDB

/// Reads the measured values of a run, of one that is being trained too.
///
/// Every call sees the file as it is at one moment, a step's values together or not at all.
package final class MetricHistory: Sendable {
    /// The most rows that a call returns.
    static let largestCount = 20_000_000

    private let path: String
    private let database: DatabaseQueue
    private let sharing: DatabaseSharing
    private let patience: TimeInterval

    /// Opens the metrics of a run.
    ///
    /// - Throws: `FileFailure` when there are none or they may not be read;
    ///   ``MetricStoreFailure`` when the file is damaged or none of this program's.
    package convenience init(in run: RunFolder) throws {
        try self.init(at: try run.url(of: MetricStore.path))
    }

    /// Opens the metrics of a run; nil where none were measured yet.
    ///
    /// - Throws: As ``init(in:)``.
    package static func of(_ run: RunFolder) throws -> MetricHistory? {
        run.has(MetricStore.path) ? try MetricHistory(in: run) : nil
    }

    /// - Parameter patience: The seconds after which a read is given up.
    init(at url: URL, patience: TimeInterval = 60) throws {
        (path, self.patience) = (url.path, patience)
        (database, sharing) = try MetricSchema.openForReading(url)
    }

    /// The names of all metrics that have values, sorted.
    package func names() throws -> [String] {
        try read { try Self.metrics($0).map(\.name) }
    }

    /// The values of metrics, by name.
    ///
    /// - Parameters:
    ///   - names: Which; nil for all. Names that have no value are left out.
    ///   - step: Only values of later steps are returned, which spares a display that is kept up to
    ///     date from reading all again.
    package func series(
        of names: Set<String>? = nil, after step: Int = Int.min
    ) throws -> [String: MetricSeries] {
        try read { database in
            var room = Self.largestCount
            var result: [String: MetricSeries] = [:]
            for (name, metric) in try Self.metrics(database) where names?.contains(name) ?? true {
                let series = try Self.series(of: metric, after: step, in: database, room)
                room -= series.steps.count
                if room < 0 { throw MetricStoreFailure.tooLarge(path: path) }
                if !series.steps.isEmpty { result[name] = series }
            }
            return result
        }
    }

    /// Some values of the first of several metrics that has any: evenly spread over its steps, the
    /// first and the last among them. It takes the same time however many there are.
    ///
    /// - Parameter count: The most values, at least 2.
    package func course(
        of names: [String], count: Int
    ) throws -> (name: String, series: MetricSeries)? {
        try read { database in
            // Names that differ in bytes alone may be the same text.
            let metrics = Dictionary(
                try Self.metrics(database).map { ($0.name, $0.metric) }, uniquingKeysWith: { $1 })
            for name in names {
                guard let metric = metrics[name] else { continue }
                return (name, try Self.spread(metric, count, in: database))
            }
            return nil
        }
    }

    /// The value of the last step measured, by name.
    package func last() throws -> [String: MetricPoint] { try read(Self.last) }

    private static func last(_ database: Database) throws -> [String: MetricPoint] {
        var result: [String: MetricPoint] = [:]
        for (name, metric) in try metrics(database) {
            result[name] = try point(of: metric, from: nil, in: database)
        }
        return result
    }

    /// Whether values that were once the last ones are still there, so that no training went on
    /// from a step before them.
    package func holds(_ points: [String: MetricPoint]) throws -> Bool {
        try read { try Self.holds(points, $0) }
    }

    private static func holds(
        _ points: [String: MetricPoint], _ database: Database
    ) throws -> Bool {
        let metrics = Dictionary(
            try Self.metrics(database).map { ($0.name, $0.metric) }, uniquingKeysWith: { $1 })
        return try points.allSatisfy { name, point in
            let found = try metrics[name].flatMap {
                try Self.point(of: $0, from: point.step, in: database)
            }
            return found?.step == point.step && found?.time == point.time
        }
    }
}

extension MetricHistory {
    /// All metrics in pieces of equally many steps, by name; the database gathers them, which is
    /// many times as fast as reading all values.
    ///
    /// - Parameters:
    ///   - first: Only values from this step on.
    ///   - last: Only values up to this step; nil for all.
    ///   - limit: The most pieces of a metric, at least 2.
    package func pieces(
        from first: Int = Int.min, upTo last: Int? = nil, limit: Int
    ) throws -> [String: [MetricBucket]] {
        try read { database in
            var pieces: [String: [MetricBucket]] = [:]
            for (name, metric) in try Self.metrics(database) {
                guard let end = try Self.point(of: metric, from: nil, in: database)?.step,
                    let start = try Self.point(of: metric, from: first, in: database)?.step,
                    start <= min(end, last ?? end)
                else { continue }
                let range = start...min(end, last ?? end)
                pieces[name] = try Self.pieces(of: metric, range, limit, in: database)
            }
            return pieces
        }
    }

    private static func pieces(
        of metric: Int64, _ steps: ClosedRange<Int>, _ limit: Int, in database: Database
    ) throws -> [MetricBucket] {
        // One query for each: with all in one the database would sort the values.
        let statement = try database.cachedStatement(
            sql: """
                SELECT MIN(step), MAX(step), COUNT(*), COUNT(finite), MIN(finite), MAX(finite),
                    TOTAL(finite)
                FROM (
                    SELECT step, CASE WHEN ABS(value) < 1e999 THEN value END AS finite
                    FROM measurement WHERE metric = ? AND step BETWEEN ? AND ?
                )
                """)
        let span = Double(steps.upperBound) - Double(steps.lowerBound) + 1
        let width = Int(exactly: (span / Double(limit)).rounded(.up)) ?? Int.max
        var pieces: [MetricBucket] = []
        var start = steps.lowerBound
        while true {
            let (sum, isBeyond) = start.addingReportingOverflow(width - 1)
            let end = isBeyond ? steps.upperBound : min(sum, steps.upperBound)
            let row = try Row.fetchOne(statement, arguments: [metric, start, end])
            if let row, try row.integer(2) > 0 { pieces.append(try piece(row)) }
            if end == steps.upperBound { return pieces }
            start = end + 1
        }
    }

    private static func piece(_ row: Row) throws -> MetricBucket {
        let (first, last) = (try row.integer(0), try row.integer(1))
        let (count, finite) = (try row.integer(2), try row.integer(3))
        let (low, high) = (try row.number(4), try row.number(5))
        guard first <= last, finite == 0 || low <= high else {
            throw DatabaseError(resultCode: .SQLITE_CORRUPT)
        }
        return MetricBucket(
            steps: first...last, count: count, nonFiniteCount: count - finite,
            range: finite == 0 ? nil : low...high, sum: try row.number(6))
    }

    private static func spread(
        _ metric: Int64, _ count: Int, in database: Database
    ) throws -> MetricSeries {
        var series = MetricSeries()
        guard let first = try point(of: metric, from: Int.min, in: database)?.step,
            let last = try point(of: metric, from: nil, in: database)?.step
        else { return series }
        // A damaged file may hold steps whose difference no integer holds.
        let span = Double(last) - Double(first)
        for place in 0..<count {
            let step = (Double(first) + span * Double(place) / Double(count - 1)).rounded()
            let point = try point(
                of: metric, from: min(Int(exactly: step) ?? last, last), in: database)
            guard let point, point.step != series.steps.last else { continue }
            series.steps.append(point.step)
            series.values.append(point.value)
            series.times.append(point.time)
        }
        return series
    }

    /// The first value of a metric from a step on, or its last one; nil where there is none.
    private static func point(
        of metric: Int64, from step: Int?, in database: Database
    ) throws -> MetricPoint? {
        let sql = """
            SELECT step, value, time FROM measurement WHERE metric = ? AND step >= ?
            ORDER BY step \(step == nil ? "DESC" : "ASC") LIMIT 1
            """
        let arguments: StatementArguments = [metric, step ?? Int.min]
        return try Row.fetchOne(database, sql: sql, arguments: arguments).map {
            MetricPoint(
                step: try $0.integer(0), value: try $0.number(1), time: try $0.number(2))
        }
    }

    /// The curves of metrics, by name, in memory that does not depend on the number of steps.
    ///
    /// - Parameters:
    ///   - names: Which; those that have no value are left out.
    ///   - limit: The most pieces of a curve, at least 2.
    package func curves(of names: Set<String>, limit: Int = 2048) throws -> [String: MetricCurve] {
        try read { database in
            var curves: [String: MetricCurve] = [:]
            for (name, metric) in try Self.metrics(database) where names.contains(name) {
                var curve = MetricCurve(limit: limit)
                try Self.extend(&curve, by: metric, after: Int.min, in: database)
                curves[name] = curve
            }
            return curves
        }
    }

    private static func extend(
        _ curve: inout MetricCurve, by metric: Int64, after first: Int, in database: Database
    ) throws {
        let rows = try rows(of: metric, after: first, in: database, Int.max)
        while let row = try rows.next() {
            let step = try row.integer(0)
            // The key of a damaged file may not ascend.
            guard curve.buckets.last.map({ $0.steps.upperBound < step }) ?? true else {
                throw DatabaseError(resultCode: .SQLITE_CORRUPT)
            }
            curve.append(step: step, value: try row.number(1))
        }
    }

    /// The curves of all metrics.
    ///
    /// - Parameter former: What was read before of the same run; only what has come since is read,
    ///   if no training went on from an earlier step.
    package func curves(after former: MetricCurves? = nil) throws -> MetricCurves {
        try read { database in
            var present = MetricCurves()
            if let former, try Self.holds(former.last, database) { present = former }
            for (name, metric) in try Self.metrics(database) {
                let start = present.last[name]?.step ?? Int.min
                try Self.extend(
                    &present.curves[name, default: MetricCurve()], by: metric, after: start,
                    in: database)
            }
            present.last = try Self.last(database)
            return present
        }
    }

    private static func metrics(_ database: Database) throws -> [(name: String, metric: Int64)] {
        let sql = """
            SELECT name, id FROM metric
            WHERE EXISTS (SELECT 1 FROM measurement WHERE metric = id) ORDER BY name LIMIT 10000
            """
        return try Row.fetchAll(database, sql: sql).map {
            (try $0.text(0), Int64(try $0.integer(1)))
        }
    }

    private static func series(
        of metric: Int64, after step: Int, in database: Database, _ limit: Int
    ) throws -> MetricSeries {
        let rows = try Self.rows(of: metric, after: step, in: database, limit + 1)
        var series = MetricSeries()
        while let row = try rows.next() {
            series.steps.append(try row.integer(0))
            series.values.append(try row.number(1))
            series.times.append(try row.number(2))
        }
        return series
    }

    private static func rows(
        of metric: Int64, after step: Int, in database: Database, _ limit: Int
    ) throws -> RowCursor {
        let sql = """
            SELECT step, value, time FROM measurement WHERE metric = ? AND step > ?
            ORDER BY step LIMIT ?
            """
        return try Row.fetchCursor(database, sql: sql, arguments: [metric, step, limit])
    }

    /// Reads at one moment, for a bounded time: a damaged file can lead in circles.
    private func read<Result>(_ body: (Database) throws -> Result) throws -> Result {
        // Until its time comes even a cancelled item keeps what it holds, and so the file open.
        let watch = DispatchWorkItem { [weak database] in database?.interrupt() }
        DispatchQueue.global().asyncAfter(deadline: .now() + patience, execute: watch)
        defer { watch.cancel() }
        return try MetricSchema.failures(.read, path) {
            try sharing.retrying { try database.read(body) }
        }
    }
}

extension Row {
    // A column of a damaged file may hold anything, and SQLite would convert it silently.

    fileprivate func integer(_ index: Int) throws -> Int {
        let value: DatabaseValue = self[index]
        guard case .int64(let integer) = value.storage else {
            throw DatabaseError(resultCode: .SQLITE_CORRUPT)
        }
        return Int(integer)
    }

    /// A double, or not-a-number for NULL.
    fileprivate func number(_ index: Int) throws -> Double {
        let value: DatabaseValue = self[index]
        switch value.storage {
        case .null: return .nan
        case .double(let double): return double
        case .int64(let integer): return Double(integer)
        case .string, .blob: throw DatabaseError(resultCode: .SQLITE_CORRUPT)
        }
    }

    fileprivate func text(_ index: Int) throws -> String {
        let value: DatabaseValue = self[index]
        guard case .string(let text) = value.storage else {
            throw DatabaseError(resultCode: .SQLITE_CORRUPT)
        }
        return text
    }
}
