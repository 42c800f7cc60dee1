import Philox
import Testing

@testable import WGAN

@Suite("Truncated latents")
struct TruncationTests {
    private func normals(_ count: Int) -> [Float] {
        var random = RandomStream(seed: 3, stream: 0)
        return (0..<count).map { _ in random.nextNormal() }
    }

    @Test("normal ones are distributed as normal numbers within the bound", arguments: [0.5, 1, 2])
    func distribution(bound: Double) throws {
        let latents = try Truncation(bound, for: Latent(size: 8)).applied(to: normals(200_000))
        #expect(latents.allSatisfy { abs($0) <= Float(bound) })
        // 1 − 2bφ(b) / (2Φ(b) − 1).
        let variances = [0.5: 0.08059, 1: 0.29113, 2: 0.77374]
        let variance =
            latents.reduce(0) { $0 + Double($1) * Double($1) } / Double(latents.count)
        #expect(abs(variance / variances[bound]! - 1) < 0.01)
    }

    @Test("numbers keep their order and their signs")
    func order() throws {
        let numbers = normals(1000).sorted() + [-40, 0, 40].map(Float.init)
        let sorted = numbers.sorted()
        let truncated = try Truncation(0.7, for: Latent(size: 1)).applied(to: sorted)
        #expect(truncated == truncated.sorted())
        for (number, result) in zip(sorted, truncated) {
            #expect(abs(result) <= abs(number))
            #expect(result * number >= 0)
        }
    }

    @Test("a large bound changes nothing")
    func large() throws {
        let latents = normals(1000)
        let truncated = try Truncation(30, for: Latent(size: 1)).applied(to: latents)
        #expect(zip(latents, truncated).allSatisfy { abs($0 - $1) < 1e-6 })
    }

    @Test("uniform ones are multiplied by the bound")
    func uniform() throws {
        let latent = Latent(size: 2, distribution: .uniform)
        #expect(try Truncation(0.5, for: latent).applied(to: [-1, 0.5, 1]) == [-0.5, 0.25, 0.5])
        #expect(throws: TrainingError.self) { try Truncation(1.5, for: latent) }
    }

    @Test("a bound that leaves nothing is refused", arguments: [0, -1, Double.nan, .infinity])
    func refused(bound: Double) {
        #expect(throws: TrainingError.self) { try Truncation(bound, for: Latent(size: 2)) }
    }
}
