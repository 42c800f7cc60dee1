import TensorGraph
import Testing

@Suite("Reference executor")
struct ReferenceExecutorTests {
    private let a = Variable("a", [])
    private let b = Variable("b", [])

    private func number(_ value: Double) -> ReferenceTensor {
        ReferenceTensor(shape: [], values: [value])
    }

    @Test("variables are read as they were and assigned at the end")
    func assignments() throws {
        let swap = try Program(
            outputs: [("sum", a.tensor + b.tensor)],
            updates: [(a, b.tensor), (b, a.tensor + 10)])
        let executor = ReferenceExecutor(variables: ["a": number(1), "b": number(2)])
        #expect(try executor.run(swap)["sum"] == number(3))
        #expect(executor.variables == ["a": number(2), "b": number(11)])
        #expect(try executor.run(swap)["sum"] == number(13))
    }

    @Test("what is missing or of another shape is named")
    func missingValues() throws {
        let program = try traced(Tensor.input("x", [2]) + a.tensor)
        let executor = ReferenceExecutor()
        let message = { (inputs: [String: ReferenceTensor]) -> String in
            do {
                _ = try executor.run(program, inputs: inputs)
                return "no error"
            } catch { return "\(error)" }
        }
        #expect(message([:]) == "the input x has no value; set it before the run")
        #expect(
            message(["x": number(1)]) == "the input x has shape [], the program expects [2]")
        #expect(
            message(["x": ReferenceTensor(shape: [2], values: [1])])
                == "the input x of shape [2] needs 2 values, not 1")
        #expect(
            message(["x": ReferenceTensor(shape: [2], values: [1, 2])])
                == "the variable a has no value; set it before the run")
    }
}
