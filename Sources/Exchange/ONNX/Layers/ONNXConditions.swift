import NeuralNetworks
import TensorGraph

extension Embedding {
    /// The vectors of the samples' classes, `[N, features]`.
    fileprivate func writeVectors(to graph: inout ONNXGraph) throws -> String {
        graph.apply("Gather", to: [try graph.constant(weight), ONNXGraph.labels])
    }
}

extension LabelConcatenation: ONNXLayer {
    func write(_ input: ONNXGraph.Value, to graph: inout ONNXGraph) throws -> String {
        var vectors = try embedding.writeVectors(to: &graph)
        if input.shape.rank == 4 {
            let pixel = graph.integers([0, embedding.weight.shape[1], 1, 1])
            vectors = graph.apply("Reshape", to: [vectors, pixel])
            let extents = graph.integers([1, 1, input.shape[1], input.shape[2]])
            vectors = graph.apply("Expand", to: [vectors, extents])
        }
        return graph.apply("Concat", to: [input.name, vectors], [.integer("axis", 1)])
    }
}

extension LabelProjection: ONNXLayer {
    func write(_ input: ONNXGraph.Value, to graph: inout ONNXGraph) throws -> String {
        let vectors = try embedding.writeVectors(to: &graph)
        let products = graph.apply("Mul", to: [vectors, input.name])
        let fit = graph.apply(
            "ReduceSum", to: [products, graph.integers([1])], [.integer("keepdims", 1)])
        return graph.apply("Add", to: [try linear.write(input, to: &graph), fit])
    }
}
