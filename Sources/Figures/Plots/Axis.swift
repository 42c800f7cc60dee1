import Foundation

/// One axis of a plot: what it measures and which part of it is shown.
public struct Axis: Equatable, Sendable {
    /// What is measured. May be empty.
    public var label: String
    /// The unit, shown in parentheses after the label.
    public var unit: String?
    /// The part shown; nil shows all the data. A range that is empty or not finite is widened.
    public var range: ClosedRange<Double>?

    /// An axis, by default without a label and over all the data.
    public init(_ label: String = "", unit: String? = nil, range: ClosedRange<Double>? = nil) {
        self.label = label
        self.unit = unit
        self.range = range
    }

    var caption: String {
        guard let unit, !unit.isEmpty else { return label }
        return label.isEmpty ? unit : "\(label) (\(unit))"
    }

    /// The range to show for the given data: the fixed one, or the data's own plus a margin.
    ///
    /// - Parameter margin: Added on both sides, as a part of the data's extent.
    func resolved(over values: some Sequence<Double>, margin: Double) -> ClosedRange<Double> {
        if let range { return Self.usable(range.lowerBound, range.upperBound) }
        var bounds: (low: Double, high: Double)?
        for value in values where Self.isDrawable(value) {
            bounds = (min(bounds?.low ?? value, value), max(bounds?.high ?? value, value))
        }
        guard let bounds else { return 0...1 }
        let shown = Self.usable(bounds.low, bounds.high)
        let extra = (shown.upperBound - shown.lowerBound) * margin
        return (shown.lowerBound - extra)...(shown.upperBound + extra)
    }

    /// Larger numbers would overflow in the arithmetic of ranges.
    static func isDrawable(_ value: Double) -> Bool { abs(value) < 1e150 }

    /// The same bounds, moved apart where floating point could not tell ticks between them apart.
    private static func usable(_ low: Double, _ high: Double) -> ClosedRange<Double> {
        guard isDrawable(low), isDrawable(high) else { return 0...1 }
        let magnitude = max(abs(low), abs(high))
        guard high - low <= max(magnitude * 1e-9, 1e-150) else { return low...high }
        let half = magnitude < 1e-9 ? 0.5 : magnitude * 0.1
        return ((low + high) / 2 - half)...((low + high) / 2 + half)
    }
}

/// Round positions on an axis, at 1, 2 or 5 times a power of ten, with their labels.
///
/// Source: Heckbert, “Nice Numbers for Graph Labels”, Graphics Gems, 1990. Differs in that the
/// range stays as it is and only ticks inside it are kept.
struct Ticks: Equatable {
    let values: [Double]
    let labels: [String]

    /// - Parameters:
    ///   - range: Finite and not empty.
    ///   - step: The distance of two ticks, as `niceStep` gives it.
    init(over range: ClosedRange<Double>, step: Double) {
        let first = (range.lowerBound / step - 1e-6).rounded(.up)
        let last = (range.upperBound / step + 1e-6).rounded(.down)
        values = first <= last ? (0...Int(last - first)).map { (first + Double($0)) * step } : []
        labels = Self.labels(for: values, step: step)
    }

    /// The step that puts about `count` ticks into the range.
    static func step(over range: ClosedRange<Double>, about count: Int) -> Double {
        niceStep((range.upperBound - range.lowerBound) / Double(max(count, 1)))
    }

    /// The nearest of 1, 2, 5 and 10 times a power of ten.
    static func niceStep(_ rough: Double) -> Double {
        let power = pow(10, floor(log10(rough)))
        let fraction = rough / power
        let nice: Double = fraction < 1.5 ? 1 : fraction < 3 ? 2 : fraction < 7 ? 5 : 10
        return nice * power
    }

    /// Labels with as many decimals as the step has: 20k and 1.5M for large numbers, powers of ten
    /// for the very large and very small.
    private static func labels(for values: [Double], step: Double) -> [String] {
        let largest = values.map(abs).max() ?? 0
        let exponent = Int(floor(log10(step) + 1e-9))
        if largest >= 1e9 || step < 1e-4 {
            let power = Int(floor(log10(max(largest, step)) + 1e-9))
            return values.map { scientific($0, exponent: power, exponent) }
        }
        let (scale, suffix) =
            largest >= 1e6 && exponent >= 4
            ? (6, "M") : largest >= 1e4 && exponent >= 2 ? (3, "k") : (0, "")
        return values.map { value in
            let digits = fixed(value / pow(10, Double(scale)), decimals: scale - exponent)
            return value == 0 ? "0" : digits + suffix
        }
    }

    private static func scientific(_ value: Double, exponent: Int, _ stepExponent: Int) -> String {
        if value == 0 { return "0" }
        let mantissa = fixed(
            value / pow(10, Double(exponent)), decimals: exponent - stepExponent)
        let superscripts = Array("⁰¹²³⁴⁵⁶⁷⁸⁹")
        let power = String(abs(exponent)).compactMap(\.wholeNumberValue).map { superscripts[$0] }
        return "\(mantissa)×10\(exponent < 0 ? "⁻" : "")\(String(power))"
    }

    private static func fixed(_ value: Double, decimals: Int) -> String {
        String(format: "%.\(min(max(decimals, 0), 12))f", value)
            .replacingOccurrences(of: "-", with: "−")
    }
}
