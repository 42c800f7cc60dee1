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
