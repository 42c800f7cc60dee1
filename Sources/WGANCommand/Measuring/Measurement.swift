import Evaluation
import FeatureNetworks
import Files
import Foundation
import OptimalTransport
import Runs

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
    /// Which values are better, in words.
    var preference: String { get }
    /// Whether it compares two sides; else B may be left out.
    var needsSecond: Bool { get }
    /// The settings that it uses; all others are refused.
    var options: Set<MeasureOption> { get }

    /// Whether it writes a file of its own to `--out`, in place of the result.
    var writesOwnFile: Bool { get }

    /// Refuses what it cannot measure before any sample is read.
    func check(_ request: MeasureRequest) throws

    /// Measures what a request names.
    func result(_ request: MeasureRequest) throws -> MeasureResult
}

extension Measurement {
    var needsSecond: Bool { true }
    var writesOwnFile: Bool { false }
    func check(_ request: MeasureRequest) throws {}
    var preference: String { "\(better.rawValue) is better" }
}

/// What is to be measured, and with which settings.
struct MeasureRequest {
    let first: String
    let second: String?
    let options: MeasureOptions
    /// The file that is written.
    var out: String?
    /// Where a measure that works in parts says how far it is.
    var work: PartProgress?

    /// The second side's place.
    ///
    /// - Throws: ``CommandFailure`` where there is none.
    func requiredSecond() throws -> String {
        guard let second else {
            throw CommandFailure("the measure compares two sides; give B after A")
        }
        return second
    }

    /// The generated side.
    var sideA: MeasureSide { MeasureSide(letter: "A", place: first) }

    /// The real side.
    ///
    /// - Throws: ``CommandFailure`` where there is none.
    func sideB() throws -> MeasureSide { MeasureSide(letter: "B", place: try requiredSecond()) }

    /// An error about the samples of both sides with the names of the files.
    func named(_ error: any Error) -> any Error {
        MeasureSide.named(error, "\(first) (A)" + (second.map { " and \($0) (B)" } ?? ""))
    }
}

/// One side of a comparison.
struct MeasureSide: Sendable {
    /// What the command's help calls it: A or B.
    let letter: String
    /// What the user named.
    let place: String

    /// Does something with the samples; what is wrong with them names the file and the side.
    func reading<Result>(_ read: (_ place: String) throws -> Result) throws -> Result {
        do { return try read(place) } catch { throw Self.named(error, "\(place) (\(letter))") }
    }

    /// An error about samples with the name of where they are from; others name files themselves.
    fileprivate static func named(_ error: any Error, _ place: String) -> any Error {
        switch error {
        case is SampleError, is GaussianError, is SampleImageError, is TransportError,
            is DivergenceError,
            is FeatureNetworkError:
            let text = "\(error)"
            return CommandFailure("\(place): \(text.prefix(1).lowercased())\(text.dropFirst())")
        default: return error
        }
    }

    /// Refuses fewer samples than a measure needs.
    func require(_ least: Int, found count: Int) throws {
        guard count < least else { return }
        throw CommandFailure(
            "\(place) (\(letter)) has too few samples, \(count); give at least \(least)")
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
        let table = TextTable(rows: details.map { [$0.name, $0.value.shown] })
        var values = ["\(metric)  \(value.shown)"]
        if case .object(let members) = value {
            // Those of several measures are lines of their own, in the order asked for.
            let rows = metric.split(separator: ",").compactMap { name in
                members[String(name)].map { [String(name), $0.shown] }
            }
            if rows.count > 1 { values = TextTable(rows: rows).lines }
        }
        return (values + table.lines.map { "  " + $0 }).joined(separator: "\n")
    }
}

/// The measures that the command can take, in the order of lists.
enum MeasurementCatalogue {
    static let all: [any Measurement] =
        ImagePairMeasurement.all + TransportMeasurement.all + FeatureMeasurement.all
        + HistogramMeasurement.all + [
            ModeMeasurement(), StackedDigitMeasurement(), ClassifierMeasurement(),
            StatisticsMeasurement(),
        ]

    /// The measure of this name.
    ///
    /// - Throws: ``CommandFailure`` where there is none.
    static func measurement(named name: String) throws -> any Measurement {
        let names = name.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        guard names.count > 1 else { return try single(name) }
        if let twice = names.first(where: { name in names.count { $0 == name } > 1 }) {
            throw CommandFailure(
                "the measure '\(twice.prefix(80))' is asked for twice; once is enough")
        }
        let scores = try names.map { name in
            guard let score = try single(name) as? any FeatureScore else {
                throw CommandFailure(
                    "\(name) shares nothing with other measures; measure it by itself, and these "
                        + "together: \(shared.joined(separator: ", "))")
            }
            return score
        }
        return SharedFeatures(scores: scores)
    }

    /// The measures that several of can be taken in one call.
    private static var shared: [String] { all.compactMap { ($0 as? any FeatureScore)?.name } }

    private static func single(_ name: String) throws -> any Measurement {
        guard let found = all.first(where: { $0.name == name }) else {
            let known = all.map(\.name).joined(separator: ", ")
            throw CommandFailure("there is no measure '\(name.prefix(80))'; choose from \(known)")
        }
        return found
    }

    /// A line for each measure.
    static var list: String {
        let rows = all.map { measurement in
            [
                measurement.name,
                "\(measurement.summary) (\(measurement.inputs); \(measurement.preference))",
            ]
        }
        return TextTable(rows: rows).description
    }
}
