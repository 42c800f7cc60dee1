import NeuralNetworks

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
