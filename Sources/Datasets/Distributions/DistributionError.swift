/// Why a distribution cannot be made from the given numbers.
public enum DistributionError: Error, Equatable, CustomStringConvertible {
    /// A mixture of no components, a negative number of them, or too many.
    case componentCount(Int)
    /// A mean without numbers, or with another number of coordinates than the first mean.
    case meanLength(component: Int, found: Int, expected: Int)
    /// A mean that holds a NaN or an infinity.
    case meanNotFinite(component: Int)
    /// A standard deviation that is negative or not finite.
    case scale(Float)
    /// A radius that is negative or not finite.
    case radius(Float)

    /// One sentence: what is wrong and what to do.
    public var description: String {
        switch self {
        case .componentCount(let count):
            "A mixture of \(count) components is not possible; "
                + "give from 1 to \(GaussianMixture.maximumCount)."
        case .meanLength(let component, let found, let expected):
            "The mean of component \(component) has \(found) coordinates where \(expected) are "
                + "needed; give every component a mean of the same length."
        case .meanNotFinite(let component):
            "The mean of component \(component) is not finite; give ordinary numbers."
        case .scale(let scale):
            "The standard deviation \(scale) is not possible; give a finite number, 0 or more."
        case .radius(let radius):
            "The radius \(radius) is not possible; give a finite number, 0 or more."
        }
    }
}
