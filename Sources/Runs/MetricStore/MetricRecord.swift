import GRDB
import GRDBSQLite

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
