import CPUExecutor
import TensorGraph
import Testing

@Suite("Limits of plans") struct PlanLimitTests {
    @Test("a chain of the largest size may load and store as much as it likes")
    func registers() throws {
        let count = 96
        let conditions = (0..<count).map { Tensor.input("c\($0)", [7]) }
        let choices = (0..<count).map { Tensor.input("x\($0)", [7]) }
        var (y, outputs) = (Tensor.input("y", [7]), [(name: String, tensor: Tensor)]())
        for number in 0..<count {
            y = .select(conditions[number], choices[number], y)
            outputs.append(("out\(number)", y))
        }
        let plan = try CPUDevice(threads: 1).plan(Program(outputs: outputs))
        #expect(plan.steps.count == 1)
        #expect(try Pairing.deviation(outputs: outputs) == 0)
    }

    @Test("axes beyond eight are merged where the layout allows it")
    func mergedAxes() throws {
        let x = Tensor.input("x", [2, 1, 2, 2, 1, 2, 2, 2, 2, 1, 2])
        #expect(try Pairing.deviation(outputs: [("y", x * 2), ("sum", x.sum(along: [0]))]) == 0)
    }

    @Test("more than eight axes in another order are refused with a clear sentence")
    func rank() throws {
        let shape = Shape(Array(repeating: 2, count: 10))
        let order = [8, 6, 4, 2, 0, 9, 7, 5, 3, 1]
        let x = Tensor.input("x", shape)
        let refusal = ExecutionError(
            "the CPU executor goes through at most 8 axes at once and copy "
                + "\(shape) needs 10; reshape the tensor to fewer axes")
        #expect(throws: refusal) {
            try CPUDevice(threads: 1).compile(Program(outputs: [("y", x.transposed(order))]))
        }
        let tensor = x + x.transposed(order)
        let failure = #expect(throws: ExecutionError.self) {
            try CPUDevice(threads: 1).compile(Program(outputs: [("y", tensor)]))
        }
        #expect(failure?.description.contains("at most 8 axes") == true)
    }

    @Test("a program with little work is left to one thread")
    func littleWork() throws {
        let device = CPUDevice(threads: 2)
        let plan = { (size: Int) in
            let x = Tensor.input("x", [size, size])
            return try device.plan(Program(outputs: [("y", x.matmul(x))]))
        }
        #expect(try plan(32).threads == 1)
        #expect(try plan(256).threads == 2)
        #expect(try device.describe(Program(outputs: [("y", 1)])).hasSuffix(", 1 thread"))
    }

    @Test("zeros of either sign known beforehand are kept apart")
    func signedZeros() throws {
        let x = Tensor.input("x", [3])
        let (plus, minus) = (Tensor.filled(0, [3]), Tensor.filled(-0.0, [3]))
        #expect(try Pairing.deviation(outputs: [("plus", x / plus), ("minus", x / minus)]) == 0)
    }
}
