import TensorGraph
import Testing

@Suite("Dead code")
struct DeadCodeTests {
    @Test("what no result depends on is removed, and the rest is renumbered")
    func removal() throws {
        let (x, y) = (Tensor.input("x", [2]), Tensor.input("y", [2]))
        var program = try traced(x.exp(), y.tanh())
        #expect(program.names == ["exponential", "input", "input", "tanh"])
        program.outputs.removeFirst()
        #expect(
            program.removingDeadCode().description
                == "%0 = input() {y} : [2]\n%1 = tanh(%0) : [2]  // 2 FLOP, 16 B\nreturn y1 = %1")
    }

    @Test("an input that does not matter need not be given")
    func unusedInput() throws {
        let (x, y) = (Tensor.input("x", [2]), Tensor.input("y", [2]))
        let program = try Program(outputs: [("result", x + 0 * y)])
        #expect(program.inputs.map(\.name) == ["x"])
    }

    @Test("an assignment keeps its value alive")
    func assignments() throws {
        let variable = Variable("v", [2])
        let program = try Program(updates: [(variable, variable.tensor.exp())])
        #expect(program.names == ["exponential", "variable"])
    }

    @Test("the gradient of x · 1 + 0 is a number, however it is written")
    func collapsedGradients() throws {
        let x = Tensor.input("x", [2, 3])
        let written = (x * 1 + 0).reshaped([3, 2]).transposed().transposed() / 1
        let program = try Program(outputs: [
            ("gradient", gradients(of: written.sum(), withRespectTo: [x])[0])
        ])
        #expect(
            program.description == """
                %0 = constant() {[1.0]} : []
                %1 = broadcast_in_dim(%0) {axes []} : [2, 3]
                return gradient = %1
                """)
    }

    @Test("a linear layer and its gradients are three products without transposes")
    func linearLayer() throws {
        let (x, weight) = (Tensor.input("x", [5, 3]), Variable("weight", [4, 3]))
        let loss = x.matmul(weight.tensor, transposeSecond: true).tanh().sum()
        let slopes = gradients(of: loss, withRespectTo: [x, weight.tensor])
        let program = try Program(outputs: [("x", slopes[0]), ("weight", slopes[1])])
        #expect(program.names.filter { $0 == "dot_general" }.count == 3)
        #expect(!program.names.contains("transpose"))
    }
}
