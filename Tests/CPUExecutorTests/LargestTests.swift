import CPUExecutor
import TensorGraph
import Testing

@Suite("The largest of elements")
struct LargestTests {
    /// Along the last axis, the first one and both.
    private func largest(rows: Int, columns: Int, _ values: [Float]) throws -> [[Float]] {
        let x = Tensor.input("x", [rows, columns])
        let program = try Program(outputs: [
            ("last", x.max(along: [1])), ("first", x.max(along: [0])),
            ("all", x.max(along: [0, 1])),
        ])
        let executable = try CPUDevice(threads: 2).compile(program)
        _ = executable.input("x").update(from: values)
        try executable.run(RandomClock())
        return ["last", "first", "all"].map { Array(executable.output($0)) }
    }

    @Test(
        "is found wherever it is, whole vectors or not",
        arguments: [1, 2, 15, 16, 17, 31, 32, 48, 100])
    func isFound(columns: Int) throws {
        for place in 0..<columns {
            let values = (0..<3).flatMap { row in
                (0..<columns).map { $0 == place ? Float(row) - 1 : -3 - Float($0) }
            }
            let found = try largest(rows: 3, columns: columns, values)
            #expect(found[0] == [-1, 0, 1])
            #expect(found[1] == (0..<columns).map { $0 == place ? 1 : -3 - Float($0) })
            #expect(found[2] == [1])
        }
    }

    @Test("is no number where one of the elements is none", arguments: [1, 15, 16, 17, 33, 64])
    func isNoNumber(columns: Int) throws {
        for place in 0..<columns {
            var values = [Float](repeating: 5, count: 2 * columns)
            values[place] = .nan
            let found = try largest(rows: 2, columns: columns, values)
            #expect(found[0][0].isNaN && found[0][1] == 5)
            #expect(found[1].indices.allSatisfy { found[1][$0].isNaN == ($0 == place) })
            #expect(found[2][0].isNaN)
        }
    }
}
