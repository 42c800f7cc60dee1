/// Why two distributions cannot be compared.
public enum DivergenceError: Error, Equatable {
    /// Histograms without bins, or with different numbers of them.
    case binCounts(first: Int, second: Int)
    /// A count or share that is negative or not finite.
    case binOutOfRange(TransportError.Side, bin: Int)
    /// A histogram of zeros.
    case noMass(TransportError.Side)
    /// A density that is negative or not finite at a place.
    case densityOutOfRange(TransportError.Side, at: Double)
    /// An interval without a positive, finite length.
    case interval(lower: Double, upper: Double)
    /// A number of steps outside 1…100 000 000.
    case steps(Int)
    /// A distance between the parallel lines that is not finite.
    case offset(Double)
}

extension DivergenceError: CustomStringConvertible {
    /// One sentence: what is wrong and what to do.
    public var description: String {
        switch self {
        case .binCounts(let first, let second):
            "Histograms of \(first) and \(second) bins cannot be compared; "
                + "give both the same number, 1 or more."
        case .binOutOfRange(let side, let bin):
            "Bin \(bin) of the \(side.rawValue) histogram is negative or not finite; "
                + "give counts or shares of zero or more."
        case .noMass(let side):
            "The \(side.rawValue) histogram is empty; give at least one bin a positive count."
        case .densityOutOfRange(let side, let place):
            "The \(side.rawValue) density is negative or not finite at \(place); "
                + "choose an interval on which it is finite."
        case .interval(let lower, let upper):
            "There is nothing to integrate over from \(lower) to \(upper); "
                + "give finite bounds with the lower one first."
        case .steps(let count):
            "An integral cannot have \(count) steps; give 1 to 100000000."
        case .offset(let offset):
            "Lines cannot be \(offset) apart; give a finite number."
        }
    }
}
