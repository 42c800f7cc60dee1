/// Why an entropic problem cannot be solved as it was given.
public enum EntropicError: Error, Equatable {
    /// A regularisation that is not positive and finite.
    case epsilon(Double)
    /// A regularisation that is lost in the rounding of the costs.
    case epsilonTooSmall(Double, smallest: Double)
    /// A tolerance outside ``SinkhornSettings/tolerances``.
    case tolerance(Double)
    /// A limit of iterations outside ``SinkhornSettings/iterationCounts``.
    case iterations(Int)
    /// A marginal error that is still above the tolerance at the limit of iterations.
    case notConverged(marginalError: Double, iterations: Int)

    /// Whether the problem is sound, and only its solution was given up.
    package var isOfEffort: Bool { if case .notConverged = self { true } else { false } }
}

extension EntropicError: CustomStringConvertible {
    /// One sentence: what is wrong and what to do.
    public var description: String {
        switch self {
        case .epsilon(let epsilon):
            "The regularisation cannot be \(epsilon); give a positive number in the unit of the "
                + "costs."
        case .epsilonTooSmall(let epsilon, let smallest):
            "The regularisation \(epsilon) is lost in the rounding of these costs; "
                + "give at least \(smallest), or take the exact distance."
        case .tolerance(let tolerance):
            "The marginal error cannot be held to \(tolerance); give a number from "
                + "\(SinkhornSettings.tolerances.lowerBound) to "
                + "\(SinkhornSettings.tolerances.upperBound)."
        case .iterations(let count):
            "\(count) is no limit of iterations; give "
                + "\(SinkhornSettings.iterationCounts.lowerBound) to "
                + "\(SinkhornSettings.iterationCounts.upperBound)."
        case .notConverged(let error, let iterations):
            "The marginal error is still \(error) after \(iterations) iterations; "
                + "give a larger epsilon, a larger tolerance or more iterations."
        }
    }
}
