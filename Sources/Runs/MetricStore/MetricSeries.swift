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
