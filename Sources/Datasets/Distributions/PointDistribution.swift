public import Philox

/// A probability distribution over points, from which training and metrics draw real samples.
///
/// A sample depends on the random stream alone, so the same stream gives the same points again.
public protocol PointDistribution: Sendable {
    /// How many coordinates a point has, at least one.
    var dimensions: Int { get }

    /// Overwrites a buffer with independent points, without allocating.
    ///
    /// - Parameters:
    ///   - points: Room for whole points, row-major `[count, dimensions]`.
    ///   - random: The stream that the numbers are taken from.
    func fill(_ points: UnsafeMutableBufferPointer<Float>, using random: inout RandomStream)
}

extension PointDistribution {
    /// Independent points in a new array.
    ///
    /// - Parameters:
    ///   - count: How many points, zero or more.
    ///   - random: The stream that the numbers are taken from.
    /// - Returns: The points, row-major `[count, dimensions]`.
    public func sample(_ count: Int, using random: inout RandomStream) -> [Float] {
        let size = count * dimensions
        return [Float](unsafeUninitializedCapacity: size) { buffer, initialized in
            buffer.initialize(repeating: 0)
            fill(UnsafeMutableBufferPointer(rebasing: buffer[..<size]), using: &random)
            initialized = size
        }
    }
}

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
    /// No dimensions, or too many for so many components.
    case dimensions(Int, most: Int)
    /// A funnel of a pair that cannot be one, and why.
    case funnel(Int, String)

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
        case .dimensions(let count, let most):
            "\(count) dimensions are not possible; give from 1 to \(most)."
        case .funnel(let number, let reason):
            "Funnel \(number) \(reason); give each a centre of its own within the cube."
        case .radius(let radius):
            "The radius \(radius) is not possible; give a finite number, 0 or more."
        }
    }
}
