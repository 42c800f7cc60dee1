/// The time since a fixed moment, which never runs backwards.
package struct Stopwatch: Sendable {
    private let start = ContinuousClock.now

    /// Starts at once.
    package init() {}

    /// The time since the start.
    package func read() -> Duration { start.duration(to: .now) }
}

extension Duration {
    /// The duration in seconds.
    var seconds: Double { self / .seconds(1) }
}
