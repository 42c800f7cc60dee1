import Foundation

/// A number with `digits` decimals, or a dash where there is none.
package func decimal(_ value: Double, _ digits: Int) -> String {
    value.isFinite ? String(format: "%.\(digits)f", value) : "–"
}

extension Double {
    /// The number with at most this many digits that count.
    package func formatted(significantDigits: Int) -> String {
        String(format: "%.\(significantDigits)g", self)
    }
}

extension Duration {
    /// The duration in seconds.
    package var seconds: Double {
        Double(components.seconds) + Double(components.attoseconds) * 1e-18
    }
}
