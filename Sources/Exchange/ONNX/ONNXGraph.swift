import Foundation
import NeuralNetworks
import TensorGraph

/// A network being written in ONNX's operators, images channels-first as in PyTorch.
struct ONNXGraph {
    /// A tensor of the graph.
    struct Value {
        let name: String
        /// The extents that this package's layers have for it: channels last, one sample.
        let shape: Shape
    }

    /// The name of the input of class numbers.
    static let labels = "labels"

    private(set) var nodes: [ONNXNodeProto] = []
    private(set) var initializers: [ONNXTensorProto] = []
    private let values: (Parameter) throws -> [Float]

    /// An empty graph.
    ///
    /// - Parameter values: The numbers of a parameter in PyTorch's layout.
    init(values: @escaping (Parameter) throws -> [Float]) { self.values = values }

    /// Writes a layer and what is in it.
    mutating func write(_ layer: any Layer, of input: Value) throws -> Value {
        guard let form = layer as? any ONNXLayer else {
            throw ExchangeError.layer("\(type(of: layer))")
        }
        var pass = ForwardPass(.inference)
        pass.labels = .input(Self.labels, [1])
        let shape = layer(.input("x", input.shape), &pass).shape
        return Value(name: try form.write(input, to: &self), shape: shape)
    }

    /// Adds an operator and gives the name of its first result.
    ///
    /// - Parameter unused: Further results, which nothing reads.
    mutating func apply(
        _ type: String, to inputs: [String], _ attributes: [ONNXAttributeProto] = [],
        unused: [String] = []
    ) -> String {
        let name = "\(type)_\(nodes.count)"
        var node = ONNXNodeProto()
        (node.name, node.opType, node.input) = (name, type, inputs)
        node.output = [name] + unused.map { "\(name)_\($0)" }
        node.attribute = attributes
        nodes.append(node)
        return name
    }

    /// Adds the numbers of a parameter, once, and gives their name.
    mutating func constant(_ parameter: Parameter) throws -> String {
        if !initializers.contains(where: { $0.name == parameter.name }) {
            add(parameter.name, parameter.shape.dimensions, try values(parameter))
        }
        return parameter.name
    }

    /// Adds numbers that no parameter holds, as a vector or in another shape.
    mutating func constant(_ numbers: [Float], _ shape: [Int]? = nil) -> String {
        let name = "constant_\(initializers.count)"
        add(name, shape ?? [numbers.count], numbers)
        return name
    }

    /// Adds whole numbers: extents or axes.
    mutating func integers(_ numbers: [Int]) -> String {
        var tensor = ONNXTensorProto()
        tensor.name = "constant_\(initializers.count)"
        tensor.dims = [Int64(numbers.count)]
        tensor.dataType = Int32(ONNXTensorProto.DataType.int64.rawValue)
        tensor.rawData = Self.bytes(of: numbers.map { Int64($0).littleEndian })
        initializers.append(tensor)
        return tensor.name
    }

    /// Gives the network's result its name.
    mutating func finish(_ value: Value, as name: String) {
        _ = apply("Identity", to: [value.name])
        nodes[nodes.count - 1].output = [name]
    }

    private mutating func add(_ name: String, _ shape: [Int], _ numbers: [Float]) {
        var tensor = ONNXTensorProto()
        (tensor.name, tensor.dims) = (name, shape.map(Int64.init))
        tensor.dataType = Int32(ONNXTensorProto.DataType.float.rawValue)
        tensor.rawData = Self.bytes(of: numbers.map(\.bitPattern.littleEndian))
        initializers.append(tensor)
    }

    private static func bytes<Number>(of numbers: [Number]) -> Data {
        numbers.withUnsafeBytes { Data($0) }
    }
}

extension ONNXAttributeProto {
    static func integer(_ name: String, _ value: Int) -> Self {
        var attribute = Self()
        (attribute.name, attribute.type, attribute.i) = (name, .int, Int64(value))
        return attribute
    }

    static func integers(_ name: String, _ values: [Int]) -> Self {
        var attribute = Self()
        (attribute.name, attribute.type, attribute.ints) = (name, .ints, values.map(Int64.init))
        return attribute
    }

    static func number(_ name: String, _ value: Double) -> Self {
        var attribute = Self()
        (attribute.name, attribute.type, attribute.f) = (name, .float, Float(value))
        return attribute
    }

    static func text(_ name: String, _ value: String) -> Self {
        var attribute = Self()
        (attribute.name, attribute.type, attribute.s) = (name, .string, Data(value.utf8))
        return attribute
    }
}

/// A layer that can be written in ONNX's operators, as it is in use: without dropout, and with
/// running statistics.
protocol ONNXLayer: Layer {
    /// Adds the layer's operators to a graph.
    ///
    /// - Returns: The name of the result.
    func write(_ input: ONNXGraph.Value, to graph: inout ONNXGraph) throws -> String
}
