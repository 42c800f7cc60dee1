import Foundation

/// One axis of a plot: what it measures and which part of it is shown.
public struct Axis: Equatable, Sendable {
    /// What is measured. May be empty.
    public var label: String
    /// The unit, shown in parentheses after the label.
    public var unit: String?
    /// The part shown; nil shows all the data. A range that is empty or not finite is widened.
    public var range: ClosedRange<Double>?

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
