import Evaluation
import FeatureNetworks
import Foundation
import Runs

/// A measure of features, which several measures of one call can share.
protocol FeatureScore: Measurement {
    /// Whether a file of statistics can be a side.
    var takesStatistics: Bool { get }

    /// How many samples A needs.
    func least(_ options: MeasureOptions) -> Int

    /// How many samples B needs.
    func leastOfB(_ options: MeasureOptions) -> Int

    /// Measures the features of A and of B.
    func value(
        _ generated: Extraction.Side, _ real: Extraction.Side, _ options: MeasureOptions
    ) throws -> MeasureResult
}

extension FeatureScore {
    var takesStatistics: Bool { false }

    func leastOfB(_ options: MeasureOptions) -> Int { least(options) }

    func result(_ request: MeasureRequest) throws -> MeasureResult {
        try SharedFeatures(scores: [self]).result(request)
    }
}

/// Measures of features that are read and extracted once: `fid,kid,prdc`.
struct SharedFeatures: Measurement {
    /// One or more.
    let scores: [any FeatureScore]

    var name: String { scores.map(\.name).joined(separator: ",") }
    var inputs: String { scores[0].inputs }
    var summary: String { scores.map(\.summary).joined(separator: "; ") }
    var better: MeasureDescription.Direction { scores[0].better }
    var options: Set<MeasureOption> {
        // Features are written by measures of one side.
        Set(scores.flatMap(\.options)).subtracting([.features])
    }

    func result(_ request: MeasureRequest) throws -> MeasureResult {
        let extraction = try Extraction(request.options)
        let (a, b) = (request.sideA, try request.sideB())
        let files = (try extraction.statistics(in: a), try extraction.statistics(in: b))
        if files.0 != nil || files.1 != nil {
            return try ofStatistics(request, extraction, files.0, files.1)
        }
        let (first, second) = try extraction.features(a, b, request.work?.part(0, 0.6))
        for score in scores {
            try a.require(score.least(request.options), found: first.features.count)
            try b.require(score.leastOfB(request.options), found: second.features.count)
        }
        var parts: [MeasureResult] = []
        for (place, score) in scores.enumerated() {
            request.work?.part(0.6, 1)(Double(place) / Double(scores.count), score.name)
            var part = try score.value(first, second, request.options)
            part.metric = extraction.title(of: part.metric)
            parts.append(part)
        }
        var result = Self.joined(parts)
        result.details +=
            extraction.facts + [
                ("features", .integer(first.features.dimensions)), ("a", first.samples.facts),
                ("b", second.samples.facts),
                ("arithmetic", extraction.arithmetic(of: [first.samples, second.samples])),
            ]
        return result
    }

    /// One result as it is; of several their values by name, and their details below that name.
    private static func joined(_ parts: [MeasureResult]) -> MeasureResult {
        guard parts.count > 1 else { return parts[0] }
        let values = parts.map { ($0.metric, $0.value) }
        return MeasureResult(
            metric: parts.map(\.metric).joined(separator: ","),
            value: .object(Dictionary(values) { first, _ in first }),
            details: parts.map { part in
                let details = part.details.map { ($0.name, $0.value) }
                return (part.metric, .object(Dictionary(details) { first, _ in first }))
            })
    }

    /// The Fréchet distance where at least one side is a file of statistics.
    private func ofStatistics(
        _ request: MeasureRequest, _ extraction: Extraction, _ first: StatisticsFile?,
        _ second: StatisticsFile?
    ) throws -> MeasureResult {
        let (a, b) = (request.sideA, try request.sideB())
        if let score = scores.first(where: { !$0.takesStatistics }) {
            throw CommandFailure(
                "\(first == nil ? b.place : a.place) holds the statistics of features, of which "
                    + "\(score.name) cannot be taken; give samples, or measure fid alone")
        }
        var areRows = false
        let sides = try [(a, first), (b, second)].map { side, file in
            if let file { return (file, Self.facts(file, side)) }
            let found = try extraction.features(side, request.work)
            try side.require(2, found: found.features.count)
            if case .points = found.samples.content { areRows = true }
            return (try extraction.statistics(of: found), found.samples.facts)
        }
        for (side, file, other) in [(a, first, second), (b, second, first)] {
            guard let file else { continue }
            try extraction.requireSameFeatures(file, of: side, as: other, areRows: areRows)
        }
        var result = FeatureMeasurement.result(
            try FrechetDistance(sides[0].0.distribution, sides[1].0.distribution))
        result.metric = extraction.title(of: result.metric)
        result.details +=
            extraction.facts + [
                ("features", .integer(sides[0].0.distribution.mean.count)), ("a", sides[0].1),
                ("b", sides[1].1), ("arithmetic", .text("measure float64")),
            ]
        return result
    }

    private static func facts(_ file: StatisticsFile, _ side: MeasureSide) -> JSONValue {
        .object([
            "source": .text(side.place), "statistics": .truth(true),
            "count": file.count.map { .integer($0) } ?? .nothing,
            "extractor": file.extractor.map { .text($0) } ?? .nothing,
        ])
    }
}

extension PartProgress {
    /// A part of it, between two shares of it.
    fileprivate func part(_ first: Double, _ last: Double) -> PartProgress {
        let places = [first, last].map { range.lowerBound + Int($0 * Double(range.count)) }
        return PartProgress(work: work, range: places[0]..<places[1], prefix: prefix)
    }
}
