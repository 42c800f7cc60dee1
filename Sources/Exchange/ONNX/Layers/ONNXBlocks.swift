import NeuralNetworks
import TensorGraph

extension ONNXGraph {
    /// Writes layers one after the other.
    fileprivate mutating func chain(_ layers: [any Layer], of input: Value) throws -> Value {
        try layers.reduce(input) { value, layer in try write(layer, of: value) }
    }
}

extension Branches: ONNXLayer {
    func write(_ input: ONNXGraph.Value, to graph: inout ONNXGraph) throws -> String {
        let results = try branches.map { try graph.write($0, of: input).name }
        return graph.apply("Concat", to: results, [.integer("axis", 1)])
    }
}

extension ResidualUp: ONNXLayer {
    func write(_ input: ONNXGraph.Value, to graph: inout ONNXGraph) throws -> String {
        let change = try graph.chain(parts.dropLast(), of: input)
        let kept = try graph.chain([layers.shortcut, Upsample()], of: input)
        return graph.apply("Add", to: [change.name, kept.name])
    }
}

extension ResidualDown: ONNXLayer {
    func write(_ input: ONNXGraph.Value, to graph: inout ONNXGraph) throws -> String {
        let change = try graph.chain(parts.dropLast(), of: input)
        let kept = try graph.chain([AvgPool2d(2), layers.shortcut], of: input)
        return graph.apply("Add", to: [change.name, kept.name])
    }
}

extension InvertedBottleneck: ONNXLayer {
    func write(_ input: ONNXGraph.Value, to graph: inout ONNXGraph) throws -> String {
        graph.apply("Add", to: [input.name, try graph.chain(parts, of: input).name])
    }
}

extension SelfAttention: ONNXLayer {
    func write(_ input: ONNXGraph.Value, to graph: inout ONNXGraph) throws -> String {
        // Channels first: [N, C, pixels].
        let flat = { (name: String, channels: Int, graph: inout ONNXGraph) in
            graph.apply("Reshape", to: [name, graph.integers([0, channels, -1])])
        }
        let pooled = { (layer: Conv2d, graph: inout ONNXGraph) throws in
            let name = graph.apply(
                "MaxPool", to: [try graph.write(layer, of: input).name],
                [.integers("kernel_shape", [2, 2]), .integers("strides", [2, 2])])
            return flat(name, layer.weight.shape[0], &graph)
        }
        let queries = flat(
            try graph.write(theta, of: input).name, theta.weight.shape[0], &graph)
        let keys = try pooled(phi, &graph)
        let fit = graph.apply(
            "MatMul",
            to: [
                graph.apply("Transpose", to: [queries], [.integers("perm", [0, 2, 1])]), keys,
            ])
        let shares = graph.apply("Softmax", to: [fit], [.integer("axis", -1)])
        let values = try pooled(g, &graph)
        let found = graph.apply(
            "MatMul",
            to: [values, graph.apply("Transpose", to: [shares], [.integers("perm", [0, 2, 1])])])
        let extents = graph.integers([
            0, g.weight.shape[0], input.shape[1], input.shape[2],
        ])
        let image = ONNXGraph.Value(
            name: graph.apply("Reshape", to: [found, extents]),
            shape: [1, input.shape[1], input.shape[2], g.weight.shape[0]])
        let change = graph.apply(
            "Mul", to: [try graph.constant(gamma), try graph.write(o, of: image).name])
        return graph.apply("Add", to: [input.name, change])
    }
}
