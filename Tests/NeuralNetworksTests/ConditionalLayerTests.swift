import NeuralNetworks
import TensorGraph
import Testing

@Suite("Layers that depend on classes")
struct ConditionalLayerTests {
    private func pass(_ labels: [Double]) -> ForwardPass {
        var pass = ForwardPass(.inference)
        pass.labels = .constant(labels, [labels.count])
        return pass
    }

    private func values(
        _ result: Tensor, _ variables: [String: ReferenceTensor] = [:]
    ) throws -> [Double] {
        try ReferenceExecutor(variables: variables)
            .run(Program(outputs: [("y", result)]))["y"]!.values
    }

    @Test("a class's vector is appended to a sample's numbers")
    func vectors() throws {
        var store = ParameterStore()
        let layer = LabelConcatenation(2, 2, in: &store)
        #expect(store.parameters.map(\.name) == ["embedding.weight"])
        var pass = pass([1, 0])
        let result = layer(.constant([1, 2, 3, 4, 5, 6], [2, 3]), &pass)
        let table = ReferenceTensor(shape: [2, 2], values: [10, 20, 30, 40])
        #expect(
            try values(result, ["embedding.weight": table]) == [1, 2, 3, 30, 40, 4, 5, 6, 10, 20])
    }

    @Test("a class's vector becomes channels that are the same at every pixel")
    func images() throws {
        var store = ParameterStore()
        let layer = LabelConcatenation(2, 1, in: &store)
        var pass = pass([1])
        let result = layer(.constant([1, 2, 3, 4], [1, 2, 2, 1]), &pass)
        #expect(result.shape == [1, 2, 2, 2])
        let table = ReferenceTensor(shape: [2, 1], values: [8, 9])
        #expect(try values(result, ["embedding.weight": table]) == [1, 9, 2, 9, 3, 9, 4, 9])
    }

    @Test("a projection's score is that of the sample and of its fit to the class")
    func projection() throws {
        var store = ParameterStore()
        let layer = LabelProjection(2, 2, in: &store)
        var pass = pass([1, 0])
        let result = layer(.constant([1, 2, 3, 4], [2, 2]), &pass)
        let variables = [
            "linear.weight": ReferenceTensor(shape: [1, 2], values: [1, 10]),
            "linear.bias": ReferenceTensor(shape: [1], values: [0.5]),
            "embedding.weight": ReferenceTensor(shape: [2, 2], values: [100, 0, 0, 1000]),
        ]
        #expect(result.shape == [2, 1])
        #expect(try values(result, variables) == [21.5 + 2000, 43.5 + 300])
    }

    @Test("without a label for each sample they are mistakes", arguments: [nil, [1.0]])
    func unlabelled(labels: [Double]?) {
        var store = ParameterStore()
        let layers: [any Layer] = [
            store.scoped("a") { LabelConcatenation(2, 2, in: &$0) },
            store.scoped("b") { LabelProjection(2, 3, in: &$0) },
        ]
        for layer in layers {
            var pass = ForwardPass(.inference)
            pass.labels = labels.map { .constant($0, [$0.count]) }
            let result = layer(.input("x", [2, 3]), &pass)
            #expect(throws: GraphError.self) { try Program(outputs: [("y", result)]) }
        }
    }
}
