import CKernels
import Testing

@Suite("Dot products in double precision") struct DotProductTests {
    private static let sizes = [
        (1, 1, 1), (2, 3, 7), (5, 4, 8), (13, 50, 513), (7, 97, 1030), (150, 20, 300),
    ]

    @Test("are those of the definition at every level, added to what is there", arguments: sizes)
    func definition(rows: Int, columns: Int, depth: Int) {
        let number = { (index: Int) in Double((index * 7919) % 2003) / 1000 - 1 }
        let x = (0..<rows * depth).map(number)
        let y = (0..<columns * depth).map { number($0 + 31) }
        let stride = columns + 3
        let turned = (0..<rows * depth).map { x[$0 % rows * depth + $0 / rows] }
        for (level, isTurned) in (0...wk_best_level()).flatMap({ [($0, false), ($0, true)] }) {
            var out = [Double](repeating: 0.5, count: rows * stride)
            (isTurned ? turned : x).withUnsafeBufferPointer { x in
                y.withUnsafeBufferPointer { y in
                    let left = wk_vectors(
                        first: x.baseAddress, count: Int64(rows),
                        step: Int64(isTurned ? 1 : depth), number: Int64(isTurned ? rows : 1))
                    let right = Self.rows(y, count: columns, depth: depth)
                    wk_add_dots_at_level(level, left, right, Int64(depth), &out, Int64(stride))
                }
            }
            for row in 0..<rows {
                for column in 0..<columns {
                    let expected = (0..<depth).reduce(0.5) {
                        $0 + x[row * depth + $1] * y[column * depth + $1]
                    }
                    #expect(abs(out[row * stride + column] - expected) < 1e-11 * Double(depth))
                }
                // Beside the columns nothing is written.
                #expect(out[(row * stride + columns)..<((row + 1) * stride)] == [0.5, 0.5, 0.5])
            }
        }
    }

    @Test("have the same bits wherever two rows are, and whichever comes first")
    func places() {
        let depth = 700
        let x = (0..<9 * depth).map { Double(($0 * 6_364_136) % 10_007) / 777 - 5 }
        x.withUnsafeBufferPointer { x in
            for level in 0...wk_best_level() {
                var out = [Double](repeating: 0, count: 81)
                let all = Self.rows(x, count: 9, depth: depth)
                wk_add_dots_at_level(level, all, all, Int64(depth), &out, 9)
                for row in 0..<9 {
                    for column in 0..<9 {
                        var single = 0.0
                        wk_add_dots_at_level(
                            level, Self.row(x, row, depth: depth),
                            Self.row(x, column, depth: depth),
                            Int64(depth), &single, 1)
                        #expect(single == out[row * 9 + column])
                        #expect(out[row * 9 + column] == out[column * 9 + row])
                    }
                }
            }
        }
    }

    private static func rows(
        _ numbers: UnsafeBufferPointer<Double>, count: Int, depth: Int
    ) -> wk_vectors {
        wk_vectors(
            first: numbers.baseAddress, count: Int64(count), step: Int64(depth), number: 1)
    }

    private static func row(
        _ numbers: UnsafeBufferPointer<Double>, _ row: Int, depth: Int
    ) -> wk_vectors {
        wk_vectors(
            first: numbers.baseAddress! + row * depth, count: 1, step: Int64(depth), number: 1)
    }
}
