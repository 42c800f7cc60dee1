import CKernels
import Foundation
import Philox
import Testing

@Suite("Random numbers of the kernel") struct RandomKernelTests {
    struct Draw: Sendable {
        let seed: UInt64
        let step: UInt64
        let stream: UInt32
    }

    private static let draws = [
        Draw(seed: 0, step: 0, stream: 0),
        Draw(seed: 1, step: 7, stream: 3),
        Draw(seed: 0x1234_5678_9ABC_DEF0, step: 1 << 40 + 5, stream: 77),
        Draw(seed: .max, step: .max, stream: .max),
    ]
    /// Below, at and beyond whole words of a block and whole groups of blocks.
    private static let counts = [1, 2, 3, 4, 5, 7, 63, 255, 256, 257, 258, 511, 1023, 4097]

    @Test("are multiples of 2⁻²⁴ below one, exactly, as uniform numbers", arguments: draws)
    func uniform(of draw: Draw) {
        for count in Self.counts {
            let expected = (0..<count).map { Philox.uniform(word($0, draw)) }
            #expect(numbers(draw, WK_UNIFORM, count) == expected, "\(count) numbers")
        }
    }

    @Test("follow the Box–Muller transform in double precision as normal numbers", arguments: draws)
    func normal(of draw: Draw) {
        for count in Self.counts + [100_003] {
            let found = numbers(draw, WK_NORMAL, count)
            var worst = 0.0
            for element in 0..<count {
                let (radius, exact) = normalNumber(element, draw)
                // A sine near zero is exact to a share of the radius, not of itself.
                let unit = Double(Float(max(radius, 0x1p-20)).ulp)
                let error = abs(Double(found[element]) - exact) / unit
                worst = error.isNaN ? .infinity : max(worst, error)
            }
            #expect(worst <= 4, "\(count) numbers")
        }
    }

    @Test("do not depend on how many are drawn", arguments: draws)
    func prefixes(of draw: Draw) {
        let all = numbers(draw, WK_NORMAL, 1000).map(\.bitPattern)
        for count in Self.counts where count < 1000 {
            #expect(numbers(draw, WK_NORMAL, count).map(\.bitPattern) == Array(all[..<count]))
        }
    }

    private func word(_ element: Int, _ draw: Draw) -> UInt32 {
        Philox.block(
            index: UInt32(element / 4), seed: draw.seed, stream: draw.stream, step: draw.step)[
                element % 4]
    }

    private func normalNumber(_ element: Int, _ draw: Draw) -> (radius: Double, value: Double) {
        let first = element & ~1
        let radius = (-2 * log(1 - Double(Philox.uniform(word(first, draw))))).squareRoot()
        let angle = 2 * Double.pi * Double(Philox.uniform(word(first + 1, draw)))
        return (radius, radius * (element == first ? cos(angle) : sin(angle)))
    }

    @Test("are the same wherever in the stream one begins", arguments: [0, 1, 2, 3, 4, 255, 1023])
    func parts(first: Int) {
        let draw = Self.draws[0]
        for kind in [WK_UNIFORM, WK_NORMAL] {
            let whole = numbers(draw, kind, 2000)
            #expect(numbers(draw, kind, 900, from: first) == Array(whole[first..<first + 900]))
        }
    }

    private func numbers(
        _ draw: Draw, _ kind: wk_random_kind, _ count: Int, from first: Int = 0
    ) -> [Float] {
        let memory = TestMemory()
        let target = memory.keep([Float](repeating: guardNumber, count: count + 300))
        var kernel = wk_random_kernel(
            target: target,
            clock: UnsafePointer(memory.keep([wk_clock(seed: draw.seed, step: draw.step)])),
            first: Int64(first), count: Int64(count), stream: draw.stream,
            kind: Int32(kind.rawValue))
        _ = wk_run_random(&kernel)
        let whole = Array(UnsafeBufferPointer(start: target, count: count + 300))
        #expect(whole[count...].allSatisfy { $0 == guardNumber }, "wrote behind \(count) numbers")
        return Array(whole[..<count])
    }
}
