import OptimalTransport

/// What samples say of the distance without a critic, or with no more than its values at them.
///
/// The exact distance between two samples is too large, since they differ by chance; what their
/// optimal potentials say of fresh samples is too small, since they have learned that chance. W₁
/// lies between, in expectation, and how far the two are apart says whether so many samples can
/// know it at all: in the plane they can, in sixteen dimensions not.
///
/// Source: Villani 2009, theorem 5.10; Mallasto, Montúfar and Gerolin 2019, arXiv:1910.03875.
public struct Yardstick: Sendable, Equatable {
    /// mean f(real) + mean fᶜ(generated) for the critic f and its c-transform: at most the exact
    /// distance between the samples, whatever the critic's slope.
    public let cTransform: Double
    /// The difference of means, on fresh samples, of the function of slope 1 that the exact dual
    /// potentials of the audited ones define: a lower bound of W₁ in expectation.
    public let heldOutPotentials: Double

    /// - Parameters:
    ///   - real: Audited samples, row-major.
    ///   - generated: As many.
    ///   - otherReal: Fresh ones.
    ///   - otherGenerated: Fresh ones.
    ///   - realScores: The critic's scores of `real`, high for real samples.
    /// - Throws: A `TransportError` for samples that are not finite or too many.
    init(
        real: DiscreteMeasure, generated: DiscreteMeasure, otherReal: DiscreteMeasure,
        otherGenerated: DiscreteMeasure, realScores: [Double]
    ) throws {
        let transform = try CostMatrix.distances(generated, real).cTransform(realScores)
        cTransform = Self.mean(realScores) + Self.mean(transform)
        let potentials = try Assignment.solve(.distances(real, generated)).columnPotentials
        // f(z) = min_j (|z − y_j| − ψ_j).
        let values = { (samples: DiscreteMeasure) in
            try CostMatrix.distances(samples, generated).cTransform(potentials)
        }
        heldOutPotentials = Self.mean(try values(otherReal)) - Self.mean(try values(otherGenerated))
    }

    private static func mean(_ values: [Double]) -> Double {
        values.reduce(0, +) / Double(values.count)
    }
}
