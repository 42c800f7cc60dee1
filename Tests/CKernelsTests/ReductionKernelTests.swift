import CKernels
import GraphTestSupport
import Philox
import Testing

@Suite("Reductions of the fused kernel") struct ReductionKernelTests {
    private static let extents = [5, 6, 7, 41]
    /// Leading, middle, trailing, several and all axes.
    static let axes: [[Int]] = [
        [0], [0, 1], [1], [1, 2], [3], [2, 3], [0, 3], [0, 2], [0, 1, 2, 3],
    ]

    @Test("combine along any axes with one thread and with two", arguments: axes, [1, 2])
    func anyAxes(axes: [Int], threads: Int) {
        var random = RandomStream(seed: 1, stream: 2)
        let values = (0..<Self.extents.reduce(1, *)).map { _ in random.nextUniform() * 4 - 2 }
        for tile in [64, 41 * 7, 1024] {
            for kind in [WK_SUM, WK_MAX] {
                let found = reduce(values, Self.extents, axes, kind, threads: threads, tile: tile)
                let exact = expected(values, Self.extents, axes, kind)
                let worst = zip(found, exact).map { abs(Double($0) - $1) }.largestError
                #expect(worst <= (kind == WK_MAX ? 0 : 1e-4), "tile \(tile), kind \(kind.rawValue)")
            }
        }
    }

    @Test("of trailing axes may share accumulators among threads that begin at whole rows")
    func rowsApart() {
        let values = (0..<300 * 17).map { Float($0 % 23) }
        var chain = chain(values, [300, 17], [1], WK_SUM)
        (chain.threads, chain.rowsApart, chain.alignment, chain.tile) = (2, true, 17, 68)
        #expect(
            chain.run().reduced[0].map(Double.init) == expected(values, [300, 17], [1], WK_SUM))
    }

    @Test("give NaN as the largest where there is one, and only there", arguments: [1, 2])
    func largestOfNaN(threads: Int) {
        let (rows, columns) = (9, 130)
        for column in [0, 1, 64, 128, 129] {
            var values = (0..<rows * columns).map { Float($0 % 7) - 9 }
            values[4 * columns + column] = .nan
            values[6 * columns + column] = -.infinity
            let found = reduce(values, [rows, columns], [1], WK_MAX, threads: threads)
            #expect(found[4].isNaN)
            #expect((0..<rows).filter { $0 != 4 }.allSatisfy { found[$0] == -3 })
            #expect(reduce(values, [rows * columns], [0], WK_MAX, threads: threads)[0].isNaN)
        }
    }

    @Test("know the largest of infinities and the sum of opposite ones")
    func infinities() {
        let nothing = [Float](repeating: -.infinity, count: 100)
        #expect(reduce(nothing, [100], [0], WK_MAX) == [-.infinity])
        #expect(reduce([1, .infinity, 2], [3], [0], WK_SUM) == [.infinity])
        #expect(reduce([1, .infinity, -.infinity], [3], [0], WK_SUM)[0].isNaN)
        #expect(reduce([1, .nan, 2], [3], [0], WK_SUM)[0].isNaN)
    }

    private static let million: [(name: String, element: @Sendable (Int) -> Float)] = [
        ("0.1 everywhere", { _ in 0.1 }),
        ("0.7 everywhere", { _ in 0.7 }),
        ("growing numbers", { Float($0) }),
        ("uniform numbers", { Float($0 &* 2_654_435_761 % 1_000_003) / 1_000_003 }),
        ("one large number", { $0 == 5 ? 1e6 : 1e-3 }),
    ]

    @Test("of a million numbers have a relative error below 1e-6", arguments: 0..<5, [1, 2])
    func accuracy(number: Int, threads: Int) {
        let (name, element) = Self.million[number]
        let values = (0..<1_000_000).map(element)
        let exact = values.reduce(0.0) { $0 + Double($1) }
        for extents in [[1_000_000], [1000, 1000]] {
            let found = reduce(
                values, extents, Array(extents.indices), WK_SUM, threads: threads, tile: 1000)
            #expect(abs(Double(found[0]) - exact) <= 1e-6 * exact, "\(name): \(found[0])")
        }
    }

    @Test("give the same bits in every run", arguments: axes)
    func repeats(axes: [Int]) {
        let values = (0..<Self.extents.reduce(1, *)).map { Float($0 &* 7919 % 1013) / 1013 }
        let first = reduce(values, Self.extents, axes, WK_SUM, threads: 2).map(\.bitPattern)
        for _ in 0..<5 {
            let again = reduce(values, Self.extents, axes, WK_SUM, threads: 2).map(\.bitPattern)
            #expect(again == first)
        }
    }

    /// A chain that only reduces.
    private func chain(
        _ values: [Float], _ extents: [Int], _ axes: [Int], _ kind: wk_reduction_kind
    ) -> FusedChain {
        let kept = extents.indices.filter { !axes.contains($0) }
        let result = kept.map { extents[$0] }
        var strides = [Int](repeating: 0, count: extents.count)
        for (axis, stride) in zip(kept, denseStrides(result)) { strides[axis] = stride }
        var chain = FusedChain(
            extents: extents,
            loads: [.init(values: values, strides: denseStrides(extents), isDense: true)])
        chain.reductions = [
            .init(register: 0, strides: strides, count: result.reduce(1, *), kind: kind)
        ]
        return chain
    }

    private func reduce(
        _ values: [Float], _ extents: [Int], _ axes: [Int], _ kind: wk_reduction_kind,
        threads: Int = 1, tile: Int = 64
    ) -> [Float] {
        var chain = chain(values, extents, axes, kind)
        (chain.threads, chain.tile) = (threads, tile)
        return chain.run().reduced[0]
    }

    private func expected(
        _ values: [Float], _ extents: [Int], _ axes: [Int], _ kind: wk_reduction_kind
    ) -> [Double] {
        let chain = chain(values, extents, axes, kind)
        var result = [Double](
            repeating: kind == WK_SUM ? 0 : -.infinity, count: chain.reductions[0].count)
        for (element, value) in values.enumerated() {
            let place = place(of: element, in: extents, strides: chain.reductions[0].strides)
            result[place] =
                kind == WK_SUM ? result[place] + Double(value) : max(result[place], Double(value))
        }
        return result
    }
}
