import ArrayFiles
import FileTestSupport
import Foundation
import NeuralNetworks
import PythonTestSupport
import SwiftProtobuf
import TensorGraph
import Testing

@testable import Exchange

@Suite("Networks in ONNX's form")
struct ONNXTests {
    /// The network, the parameters' numbers and the file.
    private func exported(
        _ networkCase: NetworkCase
    ) throws -> (network: any Layer, values: [String: [Float]], model: ONNXModel) {
        var store = ParameterStore()
        let network = networkCase.make(&store)
        let values = Dictionary(
            uniqueKeysWithValues: store.parameters.map {
                ($0.name, NetworkCase.numbers($0.name, $0.shape.count))
            })
        let sample = Shape(Array(networkCase.input.dimensions.dropFirst()))
        let model = try ONNXModel(
            network, input: .init("x", sample), output: "y", named: networkCase.name,
            metadata: ["a": "b"]
        ) { values[$0.name]! }
        return (network, values, model)
    }

    /// What the network makes of the case's input: computed here, channels-first.
    private func expected(
        _ networkCase: NetworkCase, _ network: any Layer, _ values: [String: [Float]]
    ) throws -> [Double] {
        var store = ParameterStore()
        _ = networkCase.make(&store)
        var variables: [String: ReferenceTensor] = [:]
        for parameter in store.parameters {
            variables[parameter.name] = ReferenceTensor(
                shape: parameter.shape, values: values[parameter.name]!.map(Double.init))
        }
        var pass = ForwardPass(.inference)
        pass.labels = networkCase.labels.map { .constant($0, [$0.count]) }
        let input = NetworkCase.numbers("x", networkCase.input.count).map(Double.init)
        let result = network(.constant(input, networkCase.input), &pass)
        let first = result.rank == 4 ? result.transposed([0, 3, 1, 2]) : result
        return try ReferenceExecutor(variables: variables)
            .run(Program(outputs: [("y", first)]))["y"]!.values
    }

    private func channelsFirst(_ values: [Float], _ shape: Shape) throws -> (Shape, [Float]) {
        guard shape.rank == 4 else { return (shape, values) }
        let tensor = Tensor.constant(values.map(Double.init), shape).transposed([0, 3, 1, 2])
        let result = try ReferenceExecutor().run(Program(outputs: [("y", tensor)]))["y"]!
        return (tensor.shape, result.values.map(Float.init))
    }

    @Test("there is one for every layer that configuration files can name")
    func coverage() {
        for layer in LayerCatalogue.all {
            #expect(layer is any ONNXLayer.Type, "\(layer)")
        }
    }

    @Test("names inputs, parameters and the result, for batches of any size")
    func structure() throws {
        let model = try exported(NetworkCase.all[3]).model
        let read = try ONNXModelProto(serializedBytes: model.data())
        #expect(read.graph.input.map(\.name) == ["x", "labels"])
        #expect(read.graph.output.map(\.name) == ["y"])
        #expect(read.graph.input[0].type.tensorType.shape.dim.map(\.dimParam) == ["N", ""])
        #expect(read.graph.output[0].type.tensorType.shape.dim.map(\.dimValue) == [0, 1, 4, 4])
        #expect(read.graph.initializer.contains { $0.name == "1.weight" && $0.dims == [12, 6] })
        #expect(read.opsetImport.map(\.version) == [17])
        #expect(read.metadataProps.map(\.key) == ["a"])
    }

    @Test("a layer without one is an error")
    func unknown() throws {
        struct Other: Layer {
            func callAsFunction(_ x: Tensor, _ pass: inout ForwardPass) -> Tensor { x }
        }
        #expect(throws: ExchangeError.layer("Other")) {
            try ONNXModel(Other(), input: .init("x", [2]), output: "y", named: "a") { _ in [] }
        }
    }

    @Test(
        "gives the same numbers in ONNX Runtime",
        .enabled(if: Python.hasONNXRuntime, "python3 has no onnxruntime; install it with pip"))
    func runtime() throws {
        let temporary = try TemporaryFolder()
        let folder = temporary.url
        defer { withExtendedLifetime(temporary) {} }
        var results: [(NetworkCase, [Double])] = []
        for networkCase in NetworkCase.all {
            let (network, values, model) = try exported(networkCase)
            let place = folder.appending(path: networkCase.name)
            try model.data().write(to: place.appendingPathExtension("onnx"))
            let input = NetworkCase.numbers("x", networkCase.input.count)
            let (shape, numbers) = try channelsFirst(input, networkCase.input)
            try NumpyFile.write(
                shape: shape.dimensions, values: numbers, to: place.appendingPathExtension("x.npy"))
            if let labels = networkCase.labels {
                try NumpyFile.write(
                    shape: [labels.count], values: labels.map(Float.init),
                    to: place.appendingPathExtension("labels.npy"))
            }
            results.append((networkCase, try expected(networkCase, network, values)))
        }
        _ = try Python.run(Self.program, folder.path)
        for (networkCase, expected) in results {
            let file = folder.appending(path: networkCase.name).appendingPathExtension("y.npy")
            let found = try NumpyFile(contentsOf: file).values().map(Double.init)
            #expect(found.count == expected.count)
            for (a, b) in zip(found, expected) {
                #expect(abs(a - b) <= 1e-5 * max(1, abs(b)), "\(networkCase.name)")
            }
        }
    }

    private static let program = """
        import glob, os, sys
        import numpy, onnxruntime
        for path in glob.glob(sys.argv[1] + "/*.onnx"):
            stem = path[:-5]
            session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
            feed = {"x": numpy.load(stem + ".x.npy")}
            if os.path.exists(stem + ".labels.npy"):
                feed["labels"] = numpy.load(stem + ".labels.npy").astype(numpy.int64)
            numpy.save(stem + ".y.npy", session.run(["y"], feed)[0])
        """
}
