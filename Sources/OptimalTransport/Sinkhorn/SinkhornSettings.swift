/// How far the Sinkhorn iteration goes.
public struct SinkhornSettings: Sendable, Equatable {
    /// The largest total deviation of the plan's row sums from the weights, whose total is one;
    /// its column sums are right up to rounding.
    public let tolerance: Double
    /// How many iterations are allowed at the final regularisation.
    public let maximumIterations: Int

    /// - Throws: ``EntropicError`` for a tolerance that is not positive, or no iterations.
    public init(tolerance: Double = 1e-9, maximumIterations: Int = 20_000) throws {
        guard tolerance > 0, tolerance.isFinite else { throw EntropicError.tolerance(tolerance) }
        guard maximumIterations > 0 else { throw EntropicError.iterations(maximumIterations) }
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
