import CPUExecutor
import Evaluation
import Foundation

/// A measure that the command can take.
protocol Measurement: Sendable {
    /// The name in commands.
    var name: String { get }
    /// What A and B are.
    var inputs: String { get }
    /// What it tells, in one line.
    var summary: String { get }
    /// Which values are better.
    var better: MeasureDescription.Direction { get }
    /// Whether it compares two sides; else B may be left out.
    var needsSecond: Bool { get }

    /// Measures what a request names.
    func result(_ request: MeasureRequest) throws -> MeasureResult
}

extension Measurement {
    var needsSecond: Bool { true }
}

/// What is to be measured, and with which settings.
struct MeasureRequest {
    let first: String
    let second: String?
    let options: MeasureOptions

    /// The second side's place.
    ///
    /// - Throws: ``CommandFailure`` where there is none.
    func requiredSecond() throws -> String {
        guard let second else {
            throw CommandFailure("the measure compares two sides; give B after A")
        }
        return second
    }
}

/// What a measure came to, and all else that it knows.
struct MeasureResult {
    var metric: String
    var value: JSONValue
    var details: [(name: String, value: JSONValue)]

    /// One JSON object.
    var json: String {
        get throws {
            var members = ["metric": JSONValue.text(metric), "value": value]
            for detail in details { members[detail.name] = detail.value }
            return String(decoding: try JSONEncoder.sorted.encode(members), as: UTF8.self)
        }
    }

    /// Lines for people, the value first.
    var text: String {
        let width = details.map(\.name.count).max() ?? 0
        let lines = details.map { detail in
            "  " + detail.name.padding(toLength: width + 2, withPad: " ", startingAt: 0)
                + detail.value.shown
        }
        return (["\(metric)  \(value.shown)"] + lines).joined(separator: "\n")
    }
}

extension Double {
    /// The number with at most this many digits that count.
    func formatted(significantDigits: Int) -> String {
        String(format: "%.\(significantDigits)g", self)
    }
}
