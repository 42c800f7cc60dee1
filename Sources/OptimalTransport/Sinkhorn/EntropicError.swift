/// Why an entropic problem cannot be solved as it was given.
public enum EntropicError: Error, Equatable {
    /// A regularisation that is not positive and finite.
    case epsilon(Double)
    /// A regularisation at which rounding hides the marginals' tolerance.
    case epsilonTooSmall(Double, smallest: Double)
    /// A tolerance that is not positive and finite.
    case tolerance(Double)
    /// A limit of iterations below one.
    case iterations(Int)
    /// A marginal error that is still above the tolerance at the limit of iterations.
    case notConverged(marginalError: Double, iterations: Int)
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
                + "give at least \(smallest), a larger tolerance, or solve exactly."
        case .tolerance(let tolerance):
            "The marginal error cannot be held to \(tolerance); give a positive number."
        case .iterations(let count):
            "\(count) iterations cannot solve anything; give 1 or more."
        case .notConverged(let error, let iterations):
            "The marginal error is still \(error) after \(iterations) iterations; "
                + "give a larger regularisation, a larger tolerance or more iterations."
        }
    }
}
