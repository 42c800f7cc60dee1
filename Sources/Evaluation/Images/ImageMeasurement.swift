/// A measure of all pairs of two batches.
public struct ImageMeasurement: Sendable, Equatable {
    /// What was measured.
    public let measure: MeasureDescription
    /// The value of each pair, in order.
    public let perImage: [Double]
    /// Their mean.
    public var mean: Double { perImage.mean }
}
