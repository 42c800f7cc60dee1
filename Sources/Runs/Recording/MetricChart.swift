import Figures
import WGAN

/// A chart of some of a run's metrics over its steps.
package struct MetricChart: Sendable {
    /// The figure's name in the run folder.
    package let name: String
    package let title: String
    /// What its vertical axis shows.
    package let axis: String
    package let lines: [(label: String, metric: String)]
    /// Whether its values are noisy.
    package private(set) var isSmoothed = true

    /// The charts of a training, in the order in which they are read.
    static let all = [
        MetricChart(
            name: "losses", title: "Losses", axis: "loss",
            lines: [("critic", "criticLoss"), ("generator", "generatorLoss")]),
        MetricChart(
            name: "wasserstein", title: "The critic's estimate of the Wasserstein distance",
            axis: "mean score, real − generated", lines: [("estimate", StepLosses.estimateName)]),
        MetricChart(
            name: "score-difference", title: "The critic's scores, which estimate no distance",
            axis: "mean score, real − generated", lines: [("difference", StepLosses.differenceName)]
        ),
        MetricChart(
            name: "scores", title: "The critic's mean scores, and the generator's loss",
            axis: "score",
            lines: [
                ("critic on real", "criticOnReal"), ("critic on generated", "criticOnGenerated"),
                ("generator's loss", "generatorLoss"),
            ]),
        MetricChart(
            name: "augmentation", title: "How sure the critic is, and how often images are changed",
            axis: "share",
            lines: [
                ("overfitting", "overfitting"),
                ("probability", "augmentationProbability"),
            ]),
        MetricChart(
            name: "audit", title: "The critic beside the exact distance", axis: "distance",
            lines: [
                ("exact W₁", "audit/exactW1"), ("estimate", "audit/criticEstimate"),
                ("estimate / slope", "audit/scaledEstimate"),
                ("difference of scores, no estimate", "audit/scoreDifference"),
                ("W₁ of two real samples", "audit/floorW1"), ("sliced W₁", "audit/slicedW1"),
            ], isSmoothed: false),
        MetricChart(
            name: "slopes", title: "How steep the critic is", axis: "norm of its gradient",
            lines: [
                ("largest", "audit/largestGradient"), ("median", "audit/medianGradient"),
                ("lower quartile", "audit/lowerQuartileGradient"),
                ("smallest", "audit/smallestGradient"),
                ("steepest between two samples", "audit/largestPairSlope"),
            ], isSmoothed: false),
    ]

    /// The charts in which metrics are shown: some together, those that are in none of
    /// ``all`` each by itself.
    package static func charts(of metrics: [String]) -> [MetricChart] {
        let known = all.filter { chart in metrics.contains { chart.metrics.contains($0) } }
        let shown = Set(known.flatMap(\.metrics))
        let others = metrics.filter { !shown.contains($0) }.map {
            MetricChart(
                name: $0, title: words(for: $0), axis: "", lines: [(words(for: $0), $0)],
                isSmoothed: !$0.hasPrefix("audit/"))
        }
        return known + others
    }

    /// A metric's name for people.
    package static func words(for metric: String) -> String {
        switch metric {
        case "audit/exactW1": "exact W₁"
        case "audit/slicedW1": "sliced W₁"
        case "audit/spectralProduct": "product of the critic's spectral norms"
        case "criticLoss": "critic's loss"
        case "penalty": "penalty"
        case StepLosses.estimateName: "critic's estimate"
        case StepLosses.differenceName: "real − generated"
        default: metric
        }
    }

    /// The losses of both networks.
    static let losses = all[0]

    /// The names of the metrics shown.
    var metrics: Set<String> { Set(lines.map(\.metric)) }

    /// The chart of as many curves as there are; where there is none its lines are empty.
    ///
    /// - Parameters:
    ///   - curves: Those of ``metrics`` that have values, by name.
    ///   - size: In pixels.
    func figure(
        of curves: [String: MetricCurve], size: FigureSize = FigureSize(560, 340)
    ) -> LineChart {
        let known = lines.filter { curves[$0.metric] != nil }
        let shown = known.isEmpty ? lines : known
        return LineChart(
            title, series: shown.map { line($0.label, curves[$0.metric]?.buckets ?? []) },
            xAxis: Axis("step"), yAxis: Axis(axis), size: size)
    }

    /// The extremes of a metric over steps, with the running median of the means over a twentieth
    /// of the training.
    private func line(_ label: String, _ buckets: [MetricBucket]) -> LineChart.Series {
        let points = buckets.flatMap { bucket -> [SIMD2<Double>] in
            let ends = (Double(bucket.steps.lowerBound), Double(bucket.steps.upperBound))
            guard let range = bucket.range else { return [SIMD2(ends.0, .nan)] }
            let low = SIMD2(ends.0, range.lowerBound)
            return bucket.count == 1 ? [low] : [low, SIMD2(ends.1, range.upperBound)]
        }
        let window = isSmoothed ? min(buckets.count / 20 | 1, 101) : 1
        guard window > 1 else { return .init(label, points: points) }
        let medians = runningMedian(buckets.map(\.mean), window: window)
        let trend = zip(buckets, medians).map { bucket, median in
            SIMD2(Double(bucket.steps.lowerBound + bucket.steps.upperBound) / 2, median)
        }
        return .init(label, points: points, trend: trend)
    }
}

extension MetricCurves {
    /// All charts that the curves give.
    func charts() -> [(name: String, figure: LineChart)] {
        MetricChart.all.compactMap { chart in
            let shown = curves.filter { chart.metrics.contains($0.key) }
            return shown.isEmpty ? nil : (chart.name, chart.figure(of: shown))
        }
    }
}
