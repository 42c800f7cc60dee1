import Foundation

/// How fast a count grows, with the recent past weighing most.
struct RateEstimate: Sendable {
    /// The time in seconds after which a measurement's weight has fallen to 1/e.
    static let memory = 10.0

    private var count = 0.0
    private var seconds = 0.0

    /// Adds a measurement.
    ///
    /// - Parameters:
    ///   - more: By how much the count has grown.
    ///   - elapsed: In how many seconds.
    mutating func add(_ more: Int, in elapsed: Double) {
        // Count and time fade together, so that the quotient is right from the first measurement.
        let kept = exp(-max(0, elapsed) / Self.memory)
        count = count * kept + Double(max(0, more))
        seconds = seconds * kept + max(0, elapsed)
    }

    /// The growth for each second, or nil when nothing is known yet.
    var perSecond: Double? {
        count > 0 && seconds > 0 ? count / seconds : nil
    }
}
