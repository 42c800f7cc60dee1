import Foundation

/// A way from one latent to another.
public enum Interpolation: String, Hashable, Sendable, CaseIterable {
    /// The straight line. Halfway between two normal latents it passes where few latents are.
    case linear
    /// The arc of a great circle, on which the length of a latent changes as little as can be: the
    /// way for normal latents, whose lengths hardly differ.
    ///
    /// Source: White 2016, section 2.1, arXiv:1609.04468; Shoemake 1985.
    case spherical

    /// Whether the way stays where latents of a distribution can be: an arc may leave the cube that
    /// uniform latents fill.
    public func isFit(for distribution: Latent.Distribution) -> Bool {
        self == .linear || distribution == .normal
    }

    /// The latent at `share` of the way, 0 for `start` and 1 for `end`.
    public func latent(
        from start: ArraySlice<Float>, to end: ArraySlice<Float>, at share: Double
    ) -> [Float] {
        let (first, second) = weights(start, end, share)
        return zip(start, end).map { Float(first * Double($0) + second * Double($1)) }
    }

    /// One latent for each pair, `[N, size]`, at `share` of the way.
    public func latents(
        from start: [Float], to end: [Float], size: Int, at share: Double
    ) -> [Float] {
        stride(from: 0, to: start.count, by: size).flatMap {
            latent(from: start[$0..<$0 + size], to: end[$0..<$0 + size], at: share)
        }
    }

    private func weights(
        _ start: ArraySlice<Float>, _ end: ArraySlice<Float>, _ share: Double
    ) -> (Double, Double) {
        let straight = (1 - share, share)
        guard self == .spherical else { return straight }
        let product = { (a: ArraySlice<Float>, b: ArraySlice<Float>) in
            zip(a, b).reduce(0) { $0 + Double($1.0) * Double($1.1) }
        }
        let lengths = (product(start, start) * product(end, end)).squareRoot()
        guard lengths > 0 else { return straight }
        let angle = acos(min(max(product(start, end) / lengths, -1), 1))
        // Between parallel latents the arc is the line; between opposite ones there is no arc.
        guard sin(angle) > 1e-6 else { return straight }
        return (sin((1 - share) * angle) / sin(angle), sin(share * angle) / sin(angle))
    }
}
