import TensorGraph
import Testing

@Suite("Programs")
struct ProgramTests {
    private let variable = Variable("critic.weight", [2])

    private func error(
        outputs: [(name: String, tensor: Tensor)] = [],
        updates: [(variable: Variable, value: Tensor)] = []
    ) -> GraphError? {
        do {
            _ = try Program(outputs: outputs, updates: updates)
            return nil
        } catch { return error }
    }

    @Test("two outputs cannot have one name")
    func duplicateOutputs() {
        let found = error(outputs: [("loss", 1), ("loss", 2)])
        #expect(found?.message == #"two outputs have one name: ["loss", "loss"]"#)
        #expect(found?.location?.contains("ProgramTests.swift:") == true)
    }

    @Test("a variable is assigned at most once")
    func doubleAssignment() {
        let found = error(updates: [(variable, variable.tensor + 1), (variable, variable.tensor)])
        #expect(found?.message == "the variable critic.weight is assigned twice")
    }

    @Test("a variable holds values of its shape only")
    func wrongShape() {
        let found = error(updates: [(variable, .input("x", [3]))])
        #expect(
            found?.message
                == "the variable critic.weight of shape [2] cannot hold a value of shape [3]")
    }

    @Test("one name stands for one input and one variable")
    func ambiguousNames() {
        let inputs = Tensor.input("x", [2]) + Tensor.input("x", [1])
        #expect(
            error(outputs: [("y", inputs)])?.message
                == "the input x is used with two shapes, [2] and [1]")
        let reads = variable.tensor + Variable("critic.weight", [1]).tensor
        #expect(
            error(outputs: [("y", reads)])?.message
                == "the variable critic.weight is used with two shapes, [2] and [1]")
        #expect(
            error(
                outputs: [("y", variable.tensor)],
                updates: [(Variable("critic.weight", []), 1)])?.message
                == "the variable critic.weight is used with two shapes, [2] and []")
        #expect(error(outputs: [("x", .input("x", [2]) + Variable("x", [1]).tensor)]) == nil)
    }

    @Test("a program lists its inputs and its variables, each once")
    func lists() throws {
        let x = Tensor.input("x", [2])
        let other = Variable("other", [])
        let program = try Program(
            tracing: [("y", x * variable.tensor + Tensor.input("x", [2]))],
            [(other, x.sum()), (variable, x)])
        #expect(program.inputs.map(\.name) == ["x"])
        #expect(program.inputs.map(\.shape) == [[2]])
        #expect(program.variables == [variable, other])
    }
}
