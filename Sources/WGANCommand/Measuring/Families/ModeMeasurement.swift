import Evaluation

/// Which modes of a mixture points reach: A are the points, B the modes' centres.
struct ModeMeasurement: Measurement {
    var name: String { "modes" }
    var inputs: String { "points, and the centres of modes; --deviation, --weights-b" }
    var summary: String { "how many modes have samples of high quality" }
    var better: MeasureDescription.Direction { .higher }

    func result(_ request: MeasureRequest) throws -> MeasureResult {
        guard let deviation = request.options.deviation else {
            throw CommandFailure(
                "modes need their standard deviation; give --deviation, such as 0.5")
        }
        let reader = SampleReader(options: request.options)
        let samples = try reader.read(request.first)
        var options = request.options
        options.count = nil
        let centres = try SampleReader(options: options).read(request.requiredSecond())
        let modes = try MixtureModes(
            centres: centres.rows(), standardDeviation: deviation,
            weights: options.weightsB.map(SampleArray.list))
        let coverage = try ModeCoverage(of: samples.rows(), in: modes)
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
                ("arithmetic", .text("samples float32, measure float64")),
            ])
    }
}
