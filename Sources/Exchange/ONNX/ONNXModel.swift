public import Foundation
public import NeuralNetworks
import SwiftProtobuf
public import TensorGraph

/// A network as a file in the Open Neural Network Exchange format, for ONNX Runtime and others.
///
/// Images are channels-first, `[N, C, H, W]`, and N is any number. Operators are those of set 17.
public struct ONNXModel {
    /// A tensor that goes into a network or comes out of it.
    public struct Port: Sendable {
        /// What programs call it.
        public let name: String
        /// The extents of one sample: `[H, W, C]` for images, which are written channels-first.
        public let sampleShape: Shape

        /// A tensor of samples of this shape.
        public init(_ name: String, _ sampleShape: Shape) {
            (self.name, self.sampleShape) = (name, sampleShape)
        }
    }

    private static let (formatVersion, operatorSet): (Int64, Int64) = (8, 17)
    private static let batch = "N"
    private var model = ONNXModelProto()

    /// Writes a network as it is in use.
    ///
    /// A conditional one gets a second input, `labels`: whole class numbers, `[N]`.
    ///
    /// - Parameters:
    ///   - network: From the input to the output.
    ///   - input: What goes in.
    ///   - output: What the result is called.
    ///   - name: What the network is called.
    ///   - metadata: Text to carry along.
    ///   - values: The numbers that the network computes with for a parameter.
    /// - Throws: ``ExchangeError/layer(_:)``, and what `values` throws.
    public init(
        _ network: any Layer, input: Port, output: String, named name: String,
        metadata: [String: String] = [:], values: @escaping (Parameter) throws -> [Float]
    ) throws {
        var graph = ONNXGraph(values: values)
        let result = try graph.write(
            network,
            of: .init(name: input.name, shape: Shape([1] + input.sampleShape.dimensions)))
        graph.finish(result, as: output)
        var written = ONNXGraphProto()
        written.name = name
        written.node = graph.nodes
        written.initializer = graph.initializers
        written.input = [Self.describe(input.name, input.sampleShape)]
        if graph.nodes.contains(where: { $0.input.contains(ONNXGraph.labels) }) {
            written.input.append(Self.describe(ONNXGraph.labels, [], .int64))
        }
        written.output = [
            Self.describe(output, Shape(Array(result.shape.dimensions.dropFirst())))
        ]
        var operators = ONNXOperatorSetIdProto()
        operators.version = Self.operatorSet
        model.irVersion = Self.formatVersion
        model.producerName = "swift-wgan"
        (model.graph, model.opsetImport) = (written, [operators])
        model.metadataProps = metadata.sorted { $0.key < $1.key }.map { key, value in
            var entry = ONNXStringStringEntryProto()
            (entry.key, entry.value) = (key, value)
            return entry
        }
    }

    /// The content of a `.onnx` file.
    ///
    /// - Throws: An error where the network is larger than the format's 2 GiB.
    public func data() throws -> Data { try model.serializedData() }

    private static func describe(
        _ name: String, _ sample: Shape, _ type: ONNXTensorProto.DataType = .float
    ) -> ONNXValueInfoProto {
        let extents = sample.dimensions
        let channelsFirst = extents.count == 3 ? [extents[2], extents[0], extents[1]] : extents
        var shape = ONNXTensorShapeProto()
        shape.dim = [.with { $0.dimParam = batch }]
        shape.dim += channelsFirst.map { extent in .with { $0.dimValue = Int64(extent) } }
        return .with {
            $0.name = name
            $0.type.tensorType.elemType = Int32(type.rawValue)
            $0.type.tensorType.shape = shape
        }
    }
}

/// A network that cannot be written in, or read from, another program's form.
public enum ExchangeError: Error, Hashable, Sendable, CustomStringConvertible {
    /// A layer of a type that has no form in ONNX.
    case layer(String)
    /// A file without a parameter of the network.
    case missing(name: String, network: String)
    /// A file with a tensor that is no parameter of the network.
    case unknown(name: String, network: String)
    /// A tensor from which PyTorch computes the weights anew at each use, as those of spectral
    /// normalisation.
    case parametrised(name: String)
    /// A tensor of another shape than the parameter's.
    case shape(name: String, found: [Int], expected: [Int])

    /// A clause: what is wrong and what to do.
    public var description: String {
        switch self {
        case .layer(let type):
            "the layer \(type) has no form in ONNX; export the weights as safetensors"
        case .missing(let name, let network):
            "there is no tensor \(name), which the \(network) needs; name the configuration that "
                + "the weights are for, and the network, if it is another"
        case .unknown(let name, let network):
            "the tensor \(name) is none of the \(network)'s; name the configuration that the "
                + "weights are for"
        case .parametrised(let name):
            "the tensor \(name) is of a parametrised layer, not the weights it computes with; in "
                + "PyTorch, call torch.nn.utils.parametrize.remove_parametrizations(layer, "
                + "'weight') before you save"
        case .shape(let name, let found, let expected):
            "the tensor \(name) has shape \(found), the configuration says \(expected)"
        }
    }
}
