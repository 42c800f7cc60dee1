import Foundation
import Philox
import TensorGraph
import Testing

@Suite("Random numbers")
struct RandomNumberTests {
    private let clock = RandomClock(seed: 0x1234_5678_9ABC_DEF0, step: 0x1_0000_0003)

    @Test("element i is word i mod 4 of Philox block i div 4")
    func blockLayout() throws {
        let uniform = try values(of: .randomUniform([3, 7], stream: 9), clock: clock)
        for element in 0..<21 {
            let block = Philox.block(
                index: UInt32(element / 4), seed: clock.seed, stream: 9, step: clock.step)
            #expect(uniform[element] == Double(block[element % 4] >> 8) * 0x1p-24)
        }
    }

    @Test("normal numbers are the Box–Muller transform of neighbouring uniform ones")
    func boxMuller() throws {
        let uniform = try values(of: .randomUniform([8], stream: 2), clock: clock)
        let normal = try values(of: .randomNormal([7], stream: 2), clock: clock)
        for (element, found) in normal.enumerated() {
            let radius = (-2 * log(1 - uniform[element & ~1])).squareRoot()
            let angle = 2 * Double.pi * uniform[element | 1]
            #expect(abs(found - radius * (element % 2 == 0 ? cos(angle) : sin(angle))) < 1e-14)
        }
    }

    @Test("uniform numbers fill 0 ≤ u < 1 evenly")
    func uniformDistribution() throws {
        let sample = try values(of: .randomUniform([20_000], stream: 1), clock: clock)
        #expect(sample.allSatisfy { 0 <= $0 && $0 < 1 })
        for tenth in 0..<10 {
            let share = sample.filter { Int($0 * 10) == tenth }.count
            // Four standard deviations of a binomial count.
            #expect(abs(Double(share) - 2000) < 4 * (20_000 * 0.1 * 0.9).squareRoot())
        }
    }

    @Test("normal numbers have mean 0, variance 1, skewness 0, kurtosis 3 and no correlation")
    func normalMoments() throws {
        let sample = try values(of: .randomNormal([20_000], stream: 1), clock: clock)
        let mean = { (terms: [Double]) in terms.reduce(0, +) / Double(terms.count) }
        let bound = 4 / 20_000.0.squareRoot()
        #expect(abs(mean(sample)) < bound)
        #expect(abs(mean(sample.map { $0 * $0 }) - 1) < bound * 2.0.squareRoot())
        #expect(abs(mean(sample.map { $0 * $0 * $0 })) < bound * 15.0.squareRoot())
        #expect(abs(mean(sample.map { $0 * $0 * $0 * $0 }) - 3) < bound * 96.0.squareRoot())
        #expect(abs(mean(zip(sample, sample.dropFirst()).map { $0 * $1 })) < bound)
    }

    @Test("stream, step and seed, and nothing else, select the numbers")
    func selection() throws {
        let numbers = { (stream: UInt32, seed: UInt64, step: UInt64) in
            try values(
                of: .randomNormal([8], stream: stream), clock: RandomClock(seed: seed, step: step))
        }
        let first = try numbers(1, 2, 3)
        #expect(try numbers(1, 2, 3) == first)
        #expect(try numbers(2, 2, 3) != first)
        #expect(try numbers(1, 3, 3) != first)
        #expect(try numbers(1, 2, 4) != first)
        #expect(try numbers(1, 2, 3 | 1 << 32) != first)
        #expect(try numbers(1, 2 | 1 << 32, 3) != first)
        let longer = try values(
            of: .randomNormal([2, 6], stream: 1), clock: RandomClock(seed: 2, step: 3))
        #expect(Array(longer.prefix(8)) == first)
    }
}
