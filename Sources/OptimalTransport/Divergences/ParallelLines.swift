import Foundation

/// Two uniform distributions on parallel segments, the example of why Wasserstein distances teach.
///
/// P₀ is the law of (0, Z) and P_θ that of (θ, Z), with Z uniform on 0…1. Only the Wasserstein
/// distance is continuous in θ; the others say the same for every θ but zero.
///
/// Source: Arjovsky et al. 2017, example 1, arXiv:1701.07875.
public struct ParallelLines: Sendable, Equatable {
    /// θ, how far the second line is to the right of the first.
    public let offset: Double

    /// - Throws: ``DivergenceError/offset(_:)`` unless the offset is finite.
    public init(offset: Double) throws {
        guard offset.isFinite else { throw DivergenceError.offset(offset) }
        self.offset = offset
    }

    /// W_p, the same for every p: |θ|.
    public var wasserstein: Double { abs(offset) }
    /// JS with the factors ½: log 2 unless θ is zero.
    public var jensenShannon: Double { offset == 0 ? 0 : log(2) }
    /// KL in either direction: infinity unless θ is zero.
    public var kullbackLeibler: Double { offset == 0 ? 0 : .infinity }
    /// TV: 1 unless θ is zero.
    public var totalVariation: Double { offset == 0 ? 0 : 1 }
}
