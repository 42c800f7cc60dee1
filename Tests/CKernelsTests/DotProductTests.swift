import CKernels
import Testing

@Suite("Dot products in double precision") struct DotProductTests {
    private static let sizes = [(1, 1, 1), (2, 3, 7), (5, 4, 8), (13, 50, 513), (7, 97, 1030)]

    @Test("are those of the definition at every level, added to what is there", arguments: sizes)
    func definition(rows: Int, columns: Int, depth: Int) {
        let number = { (index: Int) in Double((index * 7919) % 2003) / 1000 - 1 }
        let x = (0..<rows * depth).map(number)
        let y = (0..<columns * depth).map { number($0 + 31) }
        let stride = columns + 3
        for level in 0...wk_best_level() {
            var out = [Double](repeating: 0.5, count: rows * stride)
            wk_add_dots_at_level(
                level, x, Int64(rows), y, Int64(columns), Int64(depth), &out, Int64(stride))
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
        for level in 0...wk_best_level() {
            var out = [Double](repeating: 0, count: 81)
            wk_add_dots_at_level(level, x, 9, x, 9, Int64(depth), &out, 9)
            for row in 0..<9 {
                for column in 0..<9 {
                    var single = 0.0
                    wk_add_dots_at_level(
                        level, Array(x[row * depth..<(row + 1) * depth]), 1,
                        Array(x[column * depth..<(column + 1) * depth]), 1, Int64(depth), &single,
                        1)
                    #expect(single == out[row * 9 + column])
                    #expect(out[row * 9 + column] == out[column * 9 + row])
                }
            }
        }
    }
}
