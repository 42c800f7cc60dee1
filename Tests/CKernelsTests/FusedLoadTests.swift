import CKernels
import Philox
import Testing

@Suite("Loads of the fused kernel") struct FusedLoadTests {
    @Test("gather any strides, repeated axes among them, in tiles of any size", arguments: 0..<60)
    func strides(seed: Int) {
        var random = RandomStream(seed: UInt64(seed), stream: 9)
        let extents = (0...Int.random(in: 0..<4, using: &random)).map { _ in
            [1, 2, 3, 5, 17, 33].randomElement(using: &random)!
        }
        let strides = extents.map { _ in Int.random(in: 0..<4, using: &random) }
        let size = zip(extents, strides).map { ($0 - 1) * $1 }.reduce(1, +)
        let values = (0..<size).map { _ in random.nextUniform() }
        var chain = FusedChain(extents: extents, loads: [.init(values: values, strides: strides)])
        chain.operations = [
            wk_operation(opcode: Int32(WK_COPY.rawValue), target: 1, a: 0, b: 0, c: 0, d: 0)
        ]
        chain.stored = [1]
        let expected = (0..<extents.reduce(1, *)).map {
            values[place(of: $0, in: extents, strides: strides)]
        }
        for (threads, tile) in [(1, 8), (1, 64), (2, 16), (2, 1024)] {
            (chain.threads, chain.tile) = (threads, tile)
            #expect(chain.run().stored[0] == expected, "\(extents) by \(strides), tile \(tile)")
        }
    }

    @Test("that repeat within a tile are filled once for each thread", arguments: [1, 2])
    func periodic(threads: Int) {
        let rows = 57
        let row: [Float] = (0..<12).map { Float($0) + 0.5 }
        var chain = FusedChain(
            extents: [rows, row.count],
            loads: [
                .init(values: row, strides: [0, 1], isPeriodic: true),
                .init(
                    values: (0..<rows * row.count).map(Float.init), strides: [row.count, 1],
                    isDense: true),
            ])
        chain.operations = [
            wk_operation(opcode: Int32(WK_ADD.rawValue), target: 2, a: 0, b: 1, c: 0, d: 0)
        ]
        chain.stored = [2]
        (chain.threads, chain.tile) = (threads, 5 * row.count)
        let expected = (0..<rows * row.count).map { Float($0) + row[$0 % row.count] }
        #expect(chain.run().stored[0] == expected)
    }
}
