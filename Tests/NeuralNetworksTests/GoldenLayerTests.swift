import Foundation
import GraphTestSupport
import NeuralNetworks
import StrictYAML
import TensorGraph
import Testing

/// What PyTorch makes of a layer in double precision; see Golden/make_blocks.py.
private struct GoldenLayerFile: Decodable {
    struct Case: Decodable {
        let layer: String
        let input, result: [Int]
        let values: [String: [Double]]
        let shapes: [String: [Int]]
        let factors, output: [Double]
        let slopes, bends: [String: [Double]]
    }

    let cases: [Case]

    static func read() throws -> Self {
        let place = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("Golden/blocks.json")
        return try JSONDecoder().decode(Self.self, from: Data(contentsOf: place))
    }
}

@Suite("Layers beside PyTorch")
struct GoldenLayerTests {
    @Test("results, first and second derivatives are PyTorch's, and so are the parameters' names")
    func reproduced() throws {
        for golden in try GoldenLayerFile.read().cases {
            let document = try ConfigurationDocument(yaml: "x: [{\(golden.layer)}]\n", file: "a")
            var store = ParameterStore()
            let network = try ConfiguredNetwork(
                reading: "x", of: document.root, input: Shape(golden.input), in: &store)
            let shapes = store.parameters.filter(\.isTrainable)
                .map { ($0.name.dropFirst(2), $0.shape.dimensions) }
            #expect(
                Dictionary(uniqueKeysWithValues: shapes.map { (String($0), $1) }) == golden.shapes,
                "\(golden.layer)")
            #expect(network.output.dimensions == golden.result)

            var pass = ForwardPass(.training)
            let x = Variable("x", Shape(golden.input))
            let output = network.layers[0](x.tensor, &pass)
            let names = golden.values.keys.sorted()
            let sources = names.map { name in
                name == "x" ? x.tensor : store["0." + name]!.tensor
            }
            let scalar = (output * .constant(golden.factors, output.shape)).sum()
            let slopes = gradients(of: scalar, withRespectTo: sources)
            let steepness = slopes[names.firstIndex(of: "x")!]
            let bends = gradients(
                of: (steepness * steepness).sum(), withRespectTo: sources)
            let found = try evaluate(
                [output] + slopes + bends,
                Dictionary(
                    uniqueKeysWithValues: names.map {
                        ($0 == "x" ? $0 : "0." + $0, golden.values[$0]!)
                    }))
            let expected =
                [golden.output] + names.map { golden.slopes[$0]! }
                + names.map { golden.bends[$0]! }
            for (number, (found, expected)) in zip(found, expected).enumerated() {
                let scale = max(1, expected.map(abs).max() ?? 0)
                #expect(found.count == expected.count)
                for (a, b) in zip(found, expected) {
                    #expect(abs(a - b) < 1e-10 * scale, "\(golden.layer), tensor \(number)")
                }
            }
        }
    }
}
