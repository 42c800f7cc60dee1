/// Why measures cannot be projected as asked.
public enum SlicingError: Error, Equatable {
    /// Fewer directions or restarts than one, or too many to hold.
    case directionCount(Int)
    /// Values that do not make whole directions of the measures' space.
    case unevenDirections(values: Int, dimensions: Int)
    /// A direction of length zero or with a value that is NaN, infinite or beyond ±10¹⁰⁰.
    case unusableDirection(Int)
}

extension SlicingError: CustomStringConvertible {
    /// One sentence: what is wrong and what to do.
    public var description: String {
        switch self {
        case .directionCount(let count):
            "\(count) directions cannot be drawn; give 1 to \(SlicedWasserstein.maximumDirections)."
        case .unevenDirections(let values, let dimensions):
            "\(values) values do not make whole directions of \(dimensions) dimensions; "
                + "give \(dimensions) values for each of one or more directions."
        case .unusableDirection(let index):
            "Direction \(index) is zero or not finite; give a vector with a length."
        }
    }
}
