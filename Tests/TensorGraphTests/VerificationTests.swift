import TensorGraph
import Testing

@Suite("Verification")
struct VerificationTests {
    private let variable = Variable("v", [2])

    private func program() throws -> Program {
        let x = Tensor.input("x", [2])
        return try Program(
            tracing: [("y", x.exp())], [(variable, x + x)])
    }

    @Test("a traced program breaks no rule")
    func soundProgram() throws { #expect(try program().violation == nil) }

    @Test("a use before the computation is found")
    func order() throws {
        var broken = try program()
        broken.instructions.swapAt(0, 1)
        #expect(broken.violation == "%0 uses a value that is not computed before it")
    }

    @Test("an operation outside the catalogue is found")
    func unknownOperation() throws {
        var broken = try program()
        broken.instructions[1].operation = Unknown()
        #expect(broken.violation == "%1 is fused_something, which is not in the catalogue")
    }

    @Test("a shape that the operation would not give is found")
    func wrongShape() throws {
        var broken = try program()
        broken.instructions[1].shape = [3]
        #expect(broken.violation == "%1 has shape [3], its operation says otherwise")
    }

    @Test("operands that the operation refuses are found")
    func refusedOperands() throws {
        var broken = try program()
        broken.instructions[1].operation = Reduce(.max, axes: [1])
        #expect(broken.violation == "%1 has shape [2], its operation says otherwise")
    }

    @Test("a result that is not computed is found")
    func missingResult() throws {
        var broken = try program()
        broken.outputs[0].instruction = 3
        #expect(broken.violation == "the result %3 does not exist")
    }

    @Test("a value that the variable cannot hold is found")
    func wrongAssignment() throws {
        let x = Tensor.input("x", [2])
        var broken = try Program(tracing: [("sum", x.sum())], [(variable, x)])
        broken.assignments[0].instruction = broken.outputs[0].instruction
        #expect(broken.violation == "the variable v is assigned another shape")
    }
}

private struct Unknown: Operation {
    var name: String { "fused_something" }
    func shape(_ operands: [Shape]) throws(ShapeMismatch) -> Shape { [2] }
    func vjp(_ cotangent: Tensor, operands: [Tensor], output: Tensor) -> [Tensor?] { [nil] }
    func evaluate(_ operands: [ReferenceTensor], _ clock: RandomClock) -> ReferenceTensor {
        operands[0]
    }
}
