extension Sequence where Element: FloatingPoint {
    /// The largest of these errors; infinite where one is not a number, which `max()` passes over,
    /// and where there are none.
    package var largestError: Element {
        var largest: Element?
        for error in self {
            guard !error.isNaN else { return .infinity }
            largest = Swift.max(largest ?? error, error)
        }
        return largest ?? .infinity
    }
}
