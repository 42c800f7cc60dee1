import CKernels
import CPUExecutor
import TensorGraph
import Testing

@Suite("Operations that are done as one")
struct ContractionTests {
    private typealias Formula = @Sendable ([Tensor]) -> (inner: [Tensor], result: Tensor)

    private static let formulas: [(opcode: UInt32, formula: Formula)] = [
        (
            WK_AVERAGE_SQUARE.rawValue,
            { x in
                let (old, square) = (x[0] * x[1], x[2] * x[2])
                let new = x[3] * square
                return ([old, square, new], old + new)
            }
        ),
        (
            WK_SCALED_ROOT.rawValue,
            { x in
                let root = x[0].sqrt()
                let scaled = root * x[1]
                return ([root, scaled], x[2] + scaled)
            }
        ),
        (
            WK_DIVIDE_BY_ROOT.rawValue,
            { x in
                let root = x[1].sqrt()
                let divisor = root + x[2]
                return ([root, divisor], x[0] / divisor)
            }
        ),
        (
            WK_SUBTRACT_PRODUCT.rawValue,
            { x in
                let product = x[1] * x[2]
                return ([product], x[0] - product)
            }
        ),
        (
            WK_SUBTRACT_QUOTIENT.rawValue,
            { x in
                let product = x[1] * x[2]
                let quotient = product / x[3]
                return ([product, quotient], x[0] - quotient)
            }
        ),
        (
            WK_CLAMP.rawValue,
            { x in
                let larger = Tensor.maximum(x[0], x[1])
                return ([larger], .minimum(larger, x[2]))
            }
        ),
    ]

    private let inputs = (0..<4).map { Tensor.input("x\($0)", [3, 700]) }

    private func compiled(
        _ outputs: [Tensor], _ numbers: [[Float]]
    ) throws -> (operations: [FusedStep.Operation], bits: [UInt32]) {
        let named = outputs.enumerated().map { (name: "y\($0)", tensor: $1) }
        let program = try Program(outputs: named)
        let device = CPUDevice(threads: 1)
        let executable = try device.compile(program)
        for input in program.inputs {
            let number = Int(String(input.name.last!))!
            _ = executable.input(input.name).update(from: numbers[number])
        }
        try executable.run(RandomClock())
        let operations = try device.plan(program).steps.flatMap {
            planned -> [FusedStep.Operation] in
            if let step = planned.step as? FusedStep { step.operations } else { [] }
        }
        return (operations, executable.output("y0").map(\.bitPattern))
    }

    /// All pairs of ordinary, tiny, huge and special numbers occur.
    private var numbers: [[Float]] {
        let special: [Float] = [
            0, -0.0, 1, -1, .infinity, -.infinity, .leastNonzeroMagnitude, 3e38, 1e-20, -2e19,
        ]
        return (0..<4).map { input in
            (0..<2100).map { index in
                if index % 3 == 0 {
                    return special[(index / 3 * (input + 1) + input) % special.count]
                }
                return Float((index * 7919 + input * 104_729) % 4001) / 1000 - 1
            }
        }
    }

    @Test("have the bits of the operations one by one", arguments: 0..<6)
    func bits(number: Int) throws {
        let (opcode, formula) = Self.formulas[number]
        let (inner, result) = formula(inputs)
        let together = try compiled([result], numbers)
        #expect(together.operations.map(\.opcode) == [Int32(opcode)])
        // What is an output has to be there, so that nothing is left out.
        let apart = try compiled([result] + inner, numbers)
        #expect(apart.operations.count == 1 + inner.count)
        for (one, other) in zip(together.bits, apart.bits) {
            let (one, other) = (Float(bitPattern: one), Float(bitPattern: other))
            #expect(one.bitPattern == other.bitPattern || (one.isNaN && other.isNaN))
        }
    }

    @Test("do not leave out what is read twice")
    func readTwice() throws {
        let product = inputs[1] * inputs[2]
        let y = (inputs[0] - product) * product
        #expect(try compiled([y], numbers).operations.count == 3)
        #expect(try Pairing.deviation(outputs: [("y", y)]) < 1e-6)
    }
}
