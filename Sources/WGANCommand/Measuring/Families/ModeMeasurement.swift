import Evaluation
import Runs

/// Which modes of a mixture points reach: A are the points, B the modes' centres.
struct ModeMeasurement: Measurement {
    var name: String { "modes" }
    var inputs: String { "points, and the centres of modes; --deviation, --weights-b" }
    var summary: String { "how many modes have samples of high quality" }
    var better: MeasureDescription.Direction { .higher }
    var options: Set<MeasureOption> { MeasureOption.ofPoints.union([.deviation, .weightsB]) }

    func result(_ request: MeasureRequest) throws -> MeasureResult {
        guard let deviation = request.options.deviation else {
            throw CommandFailure(
                "modes need their standard deviation; give --deviation, such as 0.5")
        }
        var options = request.options
        options.count = nil
        let (a, b) = (request.sideA, try request.sideB())
        let (all, centres) = try SampleReader(options: options).sides(a, b)
        let samples =
            try request.options.count.map {
                try all.choosing($0, seed: options.seed ?? 0)
            } ?? all
        let points = try a.reading { _ in try samples.rows() }
        let modes = try b.reading { [options] _ in
            try MixtureModes(
                centres: centres.rows(), standardDeviation: deviation,
                weights: options.weightsB.map(SampleArray.list))
        }
        let coverage = try ModeCoverage(of: points, in: modes)
        return MeasureResult(
            metric: name, value: .integer(coverage.modesRecovered),
            details: [
                ("modes", .integer(modes.count)),
                ("highQualityShare", .number(coverage.highQualityShare)),
                ("reverseKL", .number(coverage.reverseKL)),
                ("forwardKL", .number(coverage.forwardKL)),
                ("jensenShannon", .number(coverage.jensenShannon)),
                ("counts", .list(coverage.counts.map { .integer($0) })),
                ("deviation", .number(deviation)), ("a", samples.facts), ("b", centres.facts),
                ("arithmetic", Samples.arithmetic(of: [samples, centres])),
            ])
    }
}
