import NeuralNetworks
import TensorGraph

/// A layer that can be written in ONNX's operators, as it is in use: without dropout, and with
/// running statistics.
protocol ONNXLayer: Layer {
    /// Adds the layer's operators to a graph.
    ///
    /// - Returns: The name of the result.
    func write(_ input: ONNXGraph.Value, to graph: inout ONNXGraph) throws -> String
}
