/// How far a plan with an entropic penalty is refined.
public struct SinkhornSettings: Sendable, Equatable {
    /// The tolerances that can be asked for; double precision reaches the smallest.
    public static let tolerances = 1e-12...0.1
    /// The limits that can be asked for.
    public static let iterationCounts = 1...10_000_000

    /// The share of the mass that may be in wrong places: the largest total deviation of the plan's
    /// row sums from the weights, whose total is one; its column sums are right up to rounding.
    public let tolerance: Double
    /// How often all pairs may be passed over, to find the plan of potentials or to multiply it
    /// with a vector.
    public let maximumIterations: Int

    /// - Throws: ``EntropicError`` outside ``tolerances`` and ``iterationCounts``.
    public init(tolerance: Double = 1e-9, maximumIterations: Int = 20_000) throws {
        guard Self.tolerances ~= tolerance else { throw EntropicError.tolerance(tolerance) }
        guard Self.iterationCounts ~= maximumIterations else {
            throw EntropicError.iterations(maximumIterations)
        }
        self.tolerance = tolerance
        self.maximumIterations = maximumIterations
    }

    /// A marginal error of 10⁻⁹ within 20 000 iterations.
    public static let standard = SinkhornSettings()

    private init() {
        tolerance = 1e-9
        maximumIterations = 20_000
    }
}
