import Testing

@testable import WGAN

@Suite("Ways between latents")
struct InterpolationTests {
    private let start: [Float] = [3, 0, 4]
    private let end: [Float] = [0, 5, 0]

    private func length(_ latent: [Float]) -> Float {
        latent.reduce(0) { $0 + $1 * $1 }.squareRoot()
    }

    @Test("begin and end at the latents", arguments: Interpolation.allCases)
    func ends(way: Interpolation) {
        for (share, latent) in [(0.0, start), (1.0, end)] {
            let found = way.latent(from: start[...], to: end[...], at: share)
            #expect(zip(found, latent).allSatisfy { abs($0 - $1) < 1e-6 })
        }
    }

    @Test("are straight, or keep the length")
    func middle() {
        let line = Interpolation.linear.latent(from: start[...], to: end[...], at: 0.5)
        #expect(line == [1.5, 2.5, 2])
        for share in [0.1, 0.5, 0.8] {
            let arc = Interpolation.spherical.latent(from: start[...], to: end[...], at: share)
            #expect(abs(length(arc) - 5) < 1e-5)
        }
    }

    @Test("are the line where no arc is defined")
    func degenerate() {
        for end in [start, start.map { -$0 }, [0, 0, 0]] {
            let arc = Interpolation.spherical.latent(from: start[...], to: end[...], at: 0.25)
            #expect(arc == Interpolation.linear.latent(from: start[...], to: end[...], at: 0.25))
        }
    }

    @Test("go from each latent to its partner")
    func pairs() {
        let found = Interpolation.linear.latents(
            from: [0, 0, 2, 2], to: [1, 1, 4, 4], size: 2, at: 0.5)
        #expect(found == [0.5, 0.5, 3, 3])
    }

    @Test("on an arc are for normal latents alone")
    func fit() {
        #expect(Interpolation.spherical.isFit(for: .normal))
        #expect(!Interpolation.spherical.isFit(for: .uniform))
        #expect(Interpolation.linear.isFit(for: .uniform))
    }
}
