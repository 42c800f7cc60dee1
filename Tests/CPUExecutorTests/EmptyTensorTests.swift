import CPUExecutor
import TensorGraph
import Testing

@Suite("Tensors without elements") struct EmptyTensorTests {
    private let none = Tensor.input("none", [0, 3])
    private let some = Tensor.input("some", [2, 3])

    private func expectAgreement(
        _ outputs: [(name: String, tensor: Tensor)],
        updates: [(variable: Variable, value: Tensor)] = [],
        _ location: SourceLocation = #_sourceLocation
    ) throws {
        for output in outputs {
            let deviation = try Pairing.deviation(outputs: [output], updates: updates)
            #expect(deviation <= 1e-6, "\(output.name)", sourceLocation: location)
        }
        let deviation = try Pairing.deviation(outputs: outputs, updates: updates)
        #expect(deviation <= 1e-6, sourceLocation: location)
    }

    @Test("have sums of zero, empty maxima and a mean that is not a number")
    func reductions() throws {
        try expectAgreement([
            ("columns", none.sum(along: [0])), ("all", none.sum()), ("rows", none.sum(along: [1])),
            ("largest", none.max(along: [1])), ("mean", none.mean()),
            ("computed", (none * 2 + 1).sum(along: [0]) + 1),
            ("squares", (none * none).sum(along: [0]) + some),
        ])
        #expect(throws: GraphError.self) {
            try Program(outputs: [("y", none.max(along: [0]))])
        }
    }

    @Test("go through element-wise operations, random numbers and changes of layout")
    func layouts() throws {
        try expectAgreement([
            ("same", none), ("chain", (none.exp() + 1).tanh()), ("transposed", none.transposed()),
            ("reshaped", none.reshaped([3, 0])), ("flat", (none + 1).reshaped([0])),
            ("many axes", none.transposed().reshaped([5, 0, 7, 2])),
            ("slice", some.sliced(axis: 0, 1..<1)),
            ("repeated", some.sliced(axis: 0, 1..<1).broadcast(to: [2, 0, 3])),
            ("random", .randomNormal([0, 3], stream: 1) + none),
        ])
    }

    @Test("add nothing to a concatenation, and padding makes them zeros")
    func joining() throws {
        try expectAgreement([
            ("first", .concatenated([none, some])), ("last", .concatenated([some, none])),
            ("middle", .concatenated([some, none, some + 1])),
            ("alone", .concatenated([none, none])),
            ("padded", none.padded(low: [1, 0], high: [1, 2])),
        ])
    }

    @Test("make products and convolutions empty or zero")
    func products() throws {
        let images = Tensor.input("images", [0, 5, 5, 2])
        let weights = Tensor.input("weights", [3, 2, 3, 3])
        let scores = Tensor.input("scores", [0, 3, 3, 3])
        let geometry = ConvolutionGeometry()
        try expectAgreement([
            ("over nothing", none.matmul(none, transposeFirst: true)),
            ("of no rows", none.matmul(some, transposeSecond: true)),
            ("of no batch", Tensor.input("a", [0, 2, 3]).matmul(.input("b", [0, 3, 2]))),
            (
                "over nothing in a batch",
                Tensor.input("c", [4, 2, 0]).matmul(.input("d", [4, 0, 3]))
            ),
            ("convolution", images.convolved(weights, geometry)),
            ("input", scores.convolutionInputGradient(weights, geometry, inputSize: (5, 5))),
            ("weights", images.convolutionWeightGradient(scores, geometry, kernel: (3, 3))),
        ])
    }

    @Test("can be the value of a variable")
    func variables() throws {
        let empty = Variable("empty", [0, 3])
        let sum = Variable("sum", [3])
        try expectAgreement(
            [("y", empty.tensor.sum(along: [0]) + sum.tensor)],
            updates: [(empty, empty.tensor + 1), (sum, none.sum(along: [0]))])
    }
}
