import NeuralNetworks
import TensorGraph

extension Sequential: ONNXLayer {
    func write(_ input: ONNXGraph.Value, to graph: inout ONNXGraph) throws -> String {
        try layers.reduce(input) { value, layer in try graph.write(layer, of: value) }.name
    }
}

extension Residual: ONNXLayer {
    func write(_ input: ONNXGraph.Value, to graph: inout ONNXGraph) throws -> String {
        let change = try graph.write(body, of: input)
        let kept = try shortcut.map { try graph.write($0, of: input) } ?? input
        return graph.apply("Add", to: [change.name, kept.name])
    }
}

extension Flatten: ONNXLayer {
    func write(_ input: ONNXGraph.Value, to graph: inout ONNXGraph) -> String {
        graph.apply("Flatten", to: [input.name], [.integer("axis", 1)])
    }
}

extension Reshape: ONNXLayer {
    func write(_ input: ONNXGraph.Value, to graph: inout ONNXGraph) -> String {
        // Zero stands for the input's own extent.
        let extents = graph.integers([0, channels, height, width])
        let flat = graph.apply("Flatten", to: [input.name], [.integer("axis", 1)])
        return graph.apply("Reshape", to: [flat, extents])
    }
}

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

extension ReLU: ONNXLayer {
    func write(_ input: ONNXGraph.Value, to graph: inout ONNXGraph) -> String {
        graph.apply("Relu", to: [input.name])
    }
}

extension LeakyReLU: ONNXLayer {
    func write(_ input: ONNXGraph.Value, to graph: inout ONNXGraph) -> String {
        graph.apply("LeakyRelu", to: [input.name], [.number("alpha", slope)])
    }
}

extension Tanh: ONNXLayer {
    func write(_ input: ONNXGraph.Value, to graph: inout ONNXGraph) -> String {
        graph.apply("Tanh", to: [input.name])
    }
}

extension Sigmoid: ONNXLayer {
    func write(_ input: ONNXGraph.Value, to graph: inout ONNXGraph) -> String {
        graph.apply("Sigmoid", to: [input.name])
    }
}

extension ELU: ONNXLayer {
    func write(_ input: ONNXGraph.Value, to graph: inout ONNXGraph) -> String {
        graph.apply("Elu", to: [input.name], [.number("alpha", alpha)])
    }
}

extension SELU: ONNXLayer {
    func write(_ input: ONNXGraph.Value, to graph: inout ONNXGraph) -> String {
        graph.apply(
            "Selu", to: [input.name], [.number("alpha", Self.alpha), .number("gamma", Self.scale)])
    }
}

extension Softplus: ONNXLayer {
    func write(_ input: ONNXGraph.Value, to graph: inout ONNXGraph) -> String {
        graph.apply("Softplus", to: [input.name])
    }
}

/// In use, nothing is dropped.
extension Dropout: ONNXLayer {
    func write(_ input: ONNXGraph.Value, to graph: inout ONNXGraph) -> String { input.name }
}
