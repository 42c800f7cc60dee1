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
