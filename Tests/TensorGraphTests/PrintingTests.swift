import TensorGraph
import Testing

@Suite("Printing and cost")
struct PrintingTests {
    private func layer() throws -> Program {
        let weight = Variable("weight", [3, 4])
        let score = Tensor.input("x", [2, 3]).matmul(weight.tensor).tanh()
        return try Program(
            outputs: [("score", score)], updates: [(weight, weight.tensor * 0.5)])
    }

    @Test("text has a line for each operation, with shapes, FLOP and bytes")
    func text() throws {
        #expect(
            try layer().description == """
                %0 = input() {x} : [2, 3]
                %1 = variable() {weight} : [3, 4]
                %2 = dot_general(%0, %1) {A·B} : [2, 4]  // 48 FLOP, 104 B
                %3 = tanh(%2) : [2, 4]  // 8 FLOP, 64 B
                %4 = constant() {[0.5]} : []
                %5 = broadcast_in_dim(%4) {axes []} : [3, 4]
                %6 = multiply(%1, %5) : [3, 4]  // 12 FLOP, 144 B
                assign weight = %6
                return score = %3
                """)
    }

    @Test("Graphviz has a box for each operation, with shapes, FLOP and bytes")
    func graph() throws {
        let lines = try layer().graphviz.split(separator: "\n").map(String.init)
        #expect(lines.first == "digraph program {")
        #expect(lines.last == "}")
        #expect(lines.contains(#"  n0 [label="input\nx\n[2, 3]"];"#))
        #expect(lines.contains(#"  n2 [label="dot_general\nA·B\n[2, 4]\n48 FLOP, 104 B"];"#))
        #expect(lines.contains("  n0 -> n2;"))
        #expect(lines.contains("  n1 -> n2;"))
        #expect(lines.contains(#"  r0 [label="score", shape=ellipse];"#))
        #expect(lines.contains(#"  r1 [label="weight ←", shape=ellipse];"#))
        #expect(lines.contains("  n6 -> r1;"))
    }

    @Test("names with quotes and backslashes do not break the graph")
    func escaping() throws {
        let program = try traced(Tensor.input(#"a "b" \c"#, []))
        #expect(program.graphviz.contains(#"[label="input\na \"b\" \\c\n[]"]"#))
    }

    @Test("a matrix product costs two operations for each of its m·n·k terms")
    func productCost() throws {
        let a = Tensor.input("a", [5, 7, 3])
        let b = Tensor.input("b", [5, 7, 2])
        let cost = try traced(a.matmul(b, transposeFirst: true)).cost
        #expect(cost.flops == 2 * 5 * 3 * 2 * 7)
        #expect(cost.bytes == 4 * (5 * 7 * 3 + 5 * 7 * 2 + 5 * 3 * 2))
    }

    @Test("a convolution and its partners cost two operations for each product of the sum")
    func convolutionCost() throws {
        let geometry = ConvolutionGeometry(stride: 2, padding: 1)
        let x = Tensor.input("x", [2, 8, 6, 3])
        let w = Tensor.input("w", [5, 3, 4, 4])
        let y = Tensor.input("y", [2, 4, 3, 5])
        let flops = 2 * (2 * 4 * 3 * 5) * (3 * 4 * 4)
        let elements = 2 * 8 * 6 * 3 + 5 * 3 * 4 * 4 + 2 * 4 * 3 * 5
        for tensor in [
            x.convolved(w, geometry),
            y.convolutionInputGradient(w, geometry, inputSize: (8, 6)),
            x.convolutionWeightGradient(y, geometry, kernel: (4, 4)),
        ] {
            #expect(try traced(tensor).cost == Cost(flops: flops, bytes: 4 * elements))
        }
    }

    @Test("a reduction costs one operation for each operand element, a move costs none")
    func otherCosts() throws {
        let x = Tensor.input("x", [6, 5])
        #expect(try traced(x.sum(along: [0])).cost == Cost(flops: 30, bytes: 4 * 35))
        #expect(try traced(x.transposed()).cost == Cost(flops: 0, bytes: 4 * 60))
    }
}
