import Testing

@testable import Runs

@Suite("Curves of metrics")
struct MetricCurveTests {
    private func curve(_ values: [Double], limit: Int, from first: Int = 1) -> MetricCurve {
        var curve = MetricCurve(limit: limit)
        for (index, value) in values.enumerated() {
            curve.append(step: first + index, value: value)
        }
        return curve
    }

    @Test("Few values are kept as they are")
    func few() {
        let curve = curve([3, .nan, -1], limit: 3)
        #expect(curve.buckets.map(\.steps) == [1...1, 2...2, 3...3])
        #expect(curve.buckets.map(\.range) == [3...3, nil, -1 ... -1])
        #expect(curve.buckets.map(\.nonFiniteCount) == [0, 1, 0])
    }

    @Test("Many have at most so many pieces, each with its extremes, mean and number")
    func many() {
        for count in [4, 5, 16, 17, 1000] {
            let values = (1...count).map(Double.init)
            let buckets = curve(values, limit: 4).buckets
            #expect(buckets.count <= 4 && buckets.count > 1)
            #expect(buckets.reduce(0) { $0 + $1.count } == count)
            for bucket in buckets {
                let (low, high) = (bucket.steps.lowerBound, bucket.steps.upperBound)
                #expect(bucket.range == Double(low)...Double(high))
                #expect(bucket.mean == Double(low + high) / 2)
                #expect(bucket.count == high - low + 1)
            }
        }
    }

    @Test("Steps far apart, below zero and at the ends of integers have their pieces too")
    func sparse() {
        var curve = MetricCurve(limit: 3)
        for step in [Int.min, -5, 0, 7, Int.max] { curve.append(step: step, value: 1) }
        #expect(curve.buckets.reduce(0) { $0 + $1.count } == 5)
        #expect(curve.buckets.count <= 3)
        #expect(curve.buckets.first?.steps.lowerBound == Int.min)
        #expect(curve.buckets.last?.steps.upperBound == Int.max)
    }

    @Test("A curve that goes on is the one that was begun at once")
    func continued() {
        let values = (0..<300).map { Double(($0 * 7919) % 101) / 3 }
        var parts = curve(Array(values.prefix(77)), limit: 16)
        for (index, value) in values.enumerated().dropFirst(77) {
            parts.append(step: 1 + index, value: value)
        }
        #expect(parts == curve(values, limit: 16))
    }

    @Test("The mean of the last quarter weighs pieces by their values")
    func lastQuarter() {
        for (limit, first) in [(64, 49), (4, 32)] {
            let mean = curve((1...64).map(Double.init), limit: limit).lastQuarterMean
            #expect(mean == Double(first + 64) / 2)
        }
        #expect(curve([2, .nan, .infinity], limit: 4).lastQuarterMean == nil)
        #expect(curve([1, 3, .nan, 9], limit: 4).lastQuarterMean == 9)
        #expect(curve([], limit: 4).lastQuarterMean == nil)
    }

    @Test("Infinities and not-a-number are counted and change no mean")
    func nonFinite() {
        let buckets = curve([1, .infinity, .nan, 3, 5, 7], limit: 2, from: 0).buckets
        #expect(buckets.map(\.count) == [4, 2])
        #expect(buckets.map(\.nonFiniteCount) == [2, 0])
        #expect(buckets.map(\.mean) == [2, 6])
    }

    @Test("A run's table has a row for each step and gaps where nothing was measured")
    func metrics() throws {
        let series = [
            "b": MetricSeries(steps: [1, 3, 4], values: [1, .infinity, 2], times: [0, 0, 0]),
            "a": MetricSeries(steps: [1], values: [2], times: [0]),
            "step": MetricSeries(steps: [3], values: [7], times: [0]),
        ]
        let table = MetricsTable(series)
        #expect(table.metrics == ["a", "b", "step"] && table.steps == [1, 3, 4])
        let text = String(decoding: try table.csv(), as: UTF8.self)
        #expect(text == "step,a,b,step (metric)\n1,2,1,\n3,,inf,7\n4,,2,\n")
        let last = series.lastSteps(2)
        #expect(last.mapValues(\.steps) == ["b": [3, 4], "step": [3]])
        #expect(last["b"]?.values == [.infinity, 2])
        #expect(series.lastSteps(9) == series && series.lastSteps(0).isEmpty)
        #expect(String(decoding: try MetricsTable([:]).csv(), as: UTF8.self) == "step\n")
    }
}
