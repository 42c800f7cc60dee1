import ArrayFiles
import Evaluation
import FeatureNetworks
import Foundation
import Runs

/// Mean and covariance of one side's features, in a file that FID takes for a side.
struct StatisticsMeasurement: Measurement {
    var name: String { "statistics" }
    var inputs: String { "samples alone, seen by --extractor; --out FILE.npz" }
    var summary: String { "mean and covariance of features in a file, which fid takes as a side" }
    var better: MeasureDescription.Direction { .lower }
    var preference: String { "for fid" }
    var needsSecond: Bool { false }
    var options: Set<MeasureOption> { MeasureOption.ofFeatures.union([.features]) }
    var writesOwnFile: Bool { true }

    func check(_ request: MeasureRequest) throws {
        guard request.second == nil else {
            throw CommandFailure("statistics are of one side; leave out B")
        }
        guard let out = request.out, out.lowercased().hasSuffix(".npz") else {
            throw CommandFailure("statistics need a file; give --out with a name in .npz")
        }
    }

    func result(_ request: MeasureRequest) throws -> MeasureResult {
        let extraction = try Extraction(request.options)
        let side = try extraction.features(request.sideA, request.work)
        try request.sideA.require(2, found: side.features.count)
        try FeatureArray.write(side, to: request.options.features)
        let statistics = try extraction.statistics(of: side)
        let out = request.out ?? ""
        try statistics.write(to: URL(fileURLWithPath: out))
        return MeasureResult(
            metric: name, value: .text(out),
            details: [("features", .integer(side.features.dimensions))] + extraction.facts + [
                ("a", side.samples.facts),
                ("arithmetic", extraction.arithmetic(of: [side.samples])),
            ])
    }
}

/// Features in a `.npy` file, which other calls read as points.
enum FeatureArray {
    /// Writes `[N, D]` in float32, the precision of networks; nothing where there is no path.
    static func write(_ side: Extraction.Side, to path: String?) throws {
        guard let path else { return }
        let (rows, columns) = (side.features.count, side.features.dimensions)
        let values = (0..<rows).flatMap { row in
            (0..<columns).map { Float(side.features[row, $0]) }
        }
        try NumpyFile.write(
            shape: [rows, columns], values: values, to: URL(fileURLWithPath: path))
    }
}
