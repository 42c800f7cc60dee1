/// The modes of a mixture that samples should come from.
public struct MixtureModes: Sendable, Equatable {
    /// The centres, `[modes, dimensions]`.
    public let centres: FeatureMatrix
    /// The standard deviation of each mode, `[modes]`, 0 or more.
    public let standardDeviations: [Double]
    /// The share of each mode, `[modes]`, with the sum 1.
    public let shares: [Double]

    /// How many modes there are.
    public var count: Int { centres.count }

    /// Modes with standard deviations and weights of their own.
    ///
    /// - Parameters:
    ///   - centres: `[modes, dimensions]`.
    ///   - standardDeviations: `[modes]`, finite, 0 or more.
    ///   - weights: `[modes]`, finite, 0 or more, not all 0; any sum. Nil makes all equal.
    /// - Throws: ``SampleError/modes(centres:deviations:weights:)`` or
    ///   ``SampleError/modeNumber(mode:)``.
    public init(
        centres: FeatureMatrix, standardDeviations: [Double], weights: [Double]? = nil
    ) throws {
        let weights = weights ?? [Double](repeating: 1, count: centres.count)
        guard standardDeviations.count == centres.count, weights.count == centres.count else {
            throw SampleError.modes(
                centres: centres.count, deviations: standardDeviations.count,
                weights: weights.count)
        }
        let isPossible = { (number: Double) in number.isFinite && number >= 0 }
        for mode in weights.indices
        where !isPossible(standardDeviations[mode]) || !isPossible(weights[mode]) {
            throw SampleError.modeNumber(mode: mode)
        }
        // Divided by the largest first: sums of huge weights overflow.
        guard let largest = weights.max(), largest > 0 else {
            throw SampleError.modeNumber(mode: 0)
        }
        let relative = weights.map { $0 / largest }
        let sum = relative.reduce(0, +)
        self.centres = centres
        self.standardDeviations = standardDeviations
        shares = relative.map { $0 / sum }
    }

    /// Modes of one standard deviation.
    ///
    /// - Throws: As the other initialiser.
    public init(
        centres: FeatureMatrix, standardDeviation: Double, weights: [Double]? = nil
    ) throws {
        try self.init(
            centres: centres,
            standardDeviations: [Double](repeating: standardDeviation, count: centres.count),
            weights: weights)
    }
}
