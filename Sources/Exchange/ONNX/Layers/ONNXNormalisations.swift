import NeuralNetworks
import TensorGraph

extension BatchNorm2d: ONNXLayer {
    func write(_ input: ONNXGraph.Value, to graph: inout ONNXGraph) throws -> String {
        let parameters = try [weight, bias, runningMean, runningVariance].map {
            try graph.constant($0)
        }
        return graph.apply(
            "BatchNormalization", to: [input.name] + parameters, [.number("epsilon", epsilon)])
    }
}

extension LayerNorm: ONNXLayer {
    func write(_ input: ONNXGraph.Value, to graph: inout ONNXGraph) throws -> String {
        graph.apply(
            "LayerNormalization",
            to: [input.name, try graph.constant(weight), try graph.constant(bias)],
            [.integer("axis", 1), .number("epsilon", epsilon)])
    }
}

extension PixelNorm: ONNXLayer {
    func write(_ input: ONNXGraph.Value, to graph: inout ONNXGraph) -> String {
        let squares = graph.apply("Mul", to: [input.name, input.name])
        let mean = graph.apply("ReduceMean", to: [squares], [.integers("axes", [1])])
        let shifted = graph.apply("Add", to: [mean, graph.constant([Float(epsilon)])])
        return graph.apply("Div", to: [input.name, graph.apply("Sqrt", to: [shifted])])
    }
}

/// The size of the groups is found when the batch is known, as everywhere.
extension MinibatchStandardDeviation: ONNXLayer {
    func write(_ input: ONNXGraph.Value, to graph: inout ONNXGraph) -> String {
        let members = members(of: input.name, in: &graph)
        let isImage = input.shape.rank == 4
        let sample = isImage ? [input.shape[3], input.shape[1], input.shape[2]] : [input.shape[1]]
        let one = isImage ? [1, input.shape[1], input.shape[2]] : [1]
        let extents = { (rest: [Int], graph: inout ONNXGraph) in
            graph.apply("Concat", to: [members, graph.integers(rest)], [.integer("axis", 0)])
        }
        let groups = graph.apply("Reshape", to: [input.name, extents([-1] + sample, &graph)])
        let mean = graph.apply("ReduceMean", to: [groups], [.integers("axes", [0])])
        let deviations = graph.apply("Sub", to: [groups, mean])
        let squares = graph.apply("Mul", to: [deviations, deviations])
        let variance = graph.apply("ReduceMean", to: [squares], [.integers("axes", [0])])
        let shifted = graph.apply("Add", to: [variance, graph.constant([Float(Self.epsilon)])])
        let deviation = graph.apply(
            "ReduceMean", to: [graph.apply("Sqrt", to: [shifted])],
            [.integers("axes", Array(2..<2 + sample.count))])
        let spread = graph.apply("Expand", to: [deviation, extents([1] + one, &graph)])
        let channel = graph.apply("Reshape", to: [spread, graph.integers([-1] + one)])
        return graph.apply("Concat", to: [input.name, channel], [.integer("axis", 1)])
    }

    /// The largest number up to `group` that divides the batch.
    private func members(of input: String, in graph: inout ONNXGraph) -> String {
        let batch = graph.apply("Shape", to: [input], [.integer("end", 1)])
        let sizes = graph.integers(Array(1...group))
        let rest = graph.apply("Mod", to: [batch, sizes])
        let fits = graph.apply(
            "Cast", to: [graph.apply("Equal", to: [rest, graph.integers([0])])],
            [.integer("to", ONNXTensorProto.DataType.int64.rawValue)])
        return graph.apply(
            "ReduceMax", to: [graph.apply("Mul", to: [sizes, fits])], [.integers("axes", [0])])
    }
}

extension InstanceNorm2d: ONNXLayer {
    func write(_ input: ONNXGraph.Value, to graph: inout ONNXGraph) throws -> String {
        let channels = input.shape[3]
        let scale =
            try weight.map { try graph.constant($0) }
            ?? graph.constant([Float](repeating: 1, count: channels))
        let shift =
            try bias.map { try graph.constant($0) }
            ?? graph.constant([Float](repeating: 0, count: channels))
        return graph.apply(
            "InstanceNormalization", to: [input.name, scale, shift], [.number("epsilon", epsilon)])
    }
}

/// Each group becomes an axis, whose numbers are taken in their order.
extension GroupSort: ONNXLayer {
    func write(_ input: ONNXGraph.Value, to graph: inout ONNXGraph) -> String {
        let channels = input.shape.dimensions[input.shape.rank - 1]
        let group = group ?? channels
        // An extent of 0 is that of the input.
        let pixels = input.shape.rank == 4 ? [input.shape[1], input.shape[2]] : []
        let groups = graph.apply(
            "Reshape", to: [input.name, graph.integers([0, channels / group, group] + pixels)])
        let sorted = graph.apply(
            "TopK", to: [groups, graph.integers([group])],
            [.integer("axis", 2), .integer("largest", 1), .integer("sorted", 1)],
            unused: ["places"])
        return graph.apply("Reshape", to: [sorted, graph.integers([0, channels] + pixels)])
    }
}

/// Distances to all centres beside each other.
extension Cones: ONNXLayer {
    func write(_ input: ONNXGraph.Value, to graph: inout ONNXGraph) throws -> String {
        // An extent of 0 is that of the input.
        let rows = graph.apply(
            "Reshape", to: [input.name, graph.integers([0, 1, input.shape[1]])])
        let gaps = graph.apply("Sub", to: [rows, try graph.constant(centres)])
        let distances = graph.apply(
            "ReduceL2", to: [gaps], [.integers("axes", [2]), .integer("keepdims", 0)])
        let cones = graph.apply("Sub", to: [try graph.constant(heights), distances])
        return graph.apply(
            "ReduceMax", to: [cones], [.integers("axes", [1]), .integer("keepdims", 1)])
    }
}
