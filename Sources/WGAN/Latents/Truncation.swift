import Foundation

/// Latents brought nearer to the middle of their distribution: samples that are more typical, and
/// differ less from each other.
///
/// Every number z goes through the increasing function that turns its distribution into the same
/// one restricted to −bound…bound. A normal z becomes the z′ with
/// Φ₀(z′) = Φ₀(z) · Φ₀(bound), Φ₀(z) = Φ(z) − ½, which is distributed as a standard normal number
/// that is drawn again until its magnitude is at most the bound; a uniform z becomes bound · z. A
/// seed's samples therefore stay recognisable, and a large bound changes nothing.
///
/// Source: Brock et al. 2019, section 3.1, arXiv:1809.11096, who draw again in place of this map.
public struct Truncation: Hashable, Sendable {
    /// The largest magnitude of a number.
    public let bound: Double
    private let distribution: Latent.Distribution

    /// A truncation for latents.
    ///
    /// - Parameters:
    ///   - bound: Above 0; for uniform latents at most 1.
    ///   - latent: How the latents are distributed.
    /// - Throws: ``TrainingError`` for another one.
    public init(_ bound: Double, for latent: Latent) throws(TrainingError) {
        let largest = latent.distribution == .uniform ? 1 : Double.greatestFiniteMagnitude
        guard bound > 0, bound <= largest else {
            let range =
                latent.distribution == .uniform
                ? "above 0 and at most 1, as the latents are uniform in −1…1" : "above 0"
            throw .setting("latents cannot be truncated to \(bound); give a bound \(range)")
        }
        self.bound = bound
        distribution = latent.distribution
    }

    /// The truncated latents.
    public func applied(to latents: [Float]) -> [Float] {
        switch distribution {
        case .uniform: latents.map { $0 * Float(bound) }
        case .normal:
            latents.map { number in
                let magnitude = truncated(abs(Double(number)))
                return Float(number < 0 ? -magnitude : magnitude)
            }
        }
    }

    /// The magnitude of a normal number after truncation, found by Newton's method between bounds.
    private func truncated(_ magnitude: Double) -> Double {
        let target = erf(magnitude / 2.squareRoot()) * erf(bound / 2.squareRoot())
        var (low, high) = (0.0, min(magnitude, bound))
        var z = high
        while high - low > 1e-9 {
            let excess = erf(z / 2.squareRoot()) - target
            if excess > 0 { high = z } else { low = z }
            let slope = (2 / Double.pi).squareRoot() * exp(-z * z / 2)
            let next = z - excess / slope
            // Where the curve is flat, a step may lead astray.
            let isInside = next > low && next < high
            if isInside, abs(next - z) < 1e-10 { return next }
            z = isInside ? next : (low + high) / 2
        }
        return z
    }
}
