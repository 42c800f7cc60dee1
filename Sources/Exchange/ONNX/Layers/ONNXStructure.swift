import NeuralNetworks

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
