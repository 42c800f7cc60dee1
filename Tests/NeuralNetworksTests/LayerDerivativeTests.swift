import ConfigurationTestSupport
import Foundation
import NeuralNetworks
import Philox
import TensorGraph
import Testing

@Suite("Derivatives of layers")
struct LayerDerivativeTests {
    @Test(
        "first and second derivatives agree with finite differences", arguments: LayerCase.all)
    func derivatives(layerCase: LayerCase) throws {
        var store = ParameterStore(initialisation: .xavier)
        let layer = layerCase.make(&store)
        let x = Variable("x", layerCase.input)
        let (input, parameters) = (x.tensor, store.parameters)
        var pass = ForwardPass(layerCase.mode)
        pass.labels = layerCase.labels.map { .constant($0, [$0.count]) }
        let output = layer(input, &pass)
        let loss = (output * fixedNumbers(output.shape, stream: 1)).sum()
        let sources =
            (layerCase.hasDifferentiableInput ? [(x, input)] : [])
            + parameters.filter(\.isTrainable).map { ($0.variable, $0.tensor) }
        let slopes = gradients(of: loss, withRespectTo: sources.map(\.1))
        let mixed = slopes.enumerated().map { number, slope in
            (slope * fixedNumbers(slope.shape, stream: 100 + UInt32(number))).sum()
        }.reduce(0, +)
        let bends = gradients(of: mixed, withRespectTo: sources.map(\.1))

        var point: [String: ReferenceTensor] = [:]
        for parameter in parameters {
            point[parameter.name] = smoothPoint(parameter.shape, stream: 200)
            if parameter.role == .runningVariance {
                point[parameter.name]!.values = point[parameter.name]!.values.map(abs)
            }
        }
        point["x"] = smoothPoint(x.shape, stream: 300)
        if !layerCase.hasDifferentiableInput { point["x"]!.values = [0, 2, 1] }
        for (scalar, derivatives) in [(loss, slopes), (mixed, bends)] {
            try compare(scalar, derivatives, of: sources.map(\.0), at: point)
        }
    }

    /// Compares the derivative in three random directions of all the variables together.
    private func compare(
        _ scalar: Tensor, _ derivatives: [Tensor], of variables: [Variable],
        at point: [String: ReferenceTensor]
    ) throws {
        let outputs = derivatives.enumerated().map { ("d\($0)", $1) }
        let program = try Program(outputs: [("scalar", scalar)] + outputs)
        let value = { (point: [String: ReferenceTensor]) in
            try ReferenceExecutor(variables: point).run(program)
        }
        let exact = try value(point)
        for direction in 0..<3 {
            var (ahead, behind, expected) = (point, point, 0.0)
            for (number, variable) in variables.enumerated() {
                let name = variable.name
                let way = numbers(
                    variable.shape.count, stream: 400 + UInt32(10 * direction + number))
                for (i, step) in way.enumerated() {
                    ahead[name]!.values[i] += 1e-5 * step
                    behind[name]!.values[i] -= 1e-5 * step
                    expected += step * exact["d\(number)"]!.values[i]
                }
            }
            let difference =
                try value(ahead)["scalar"]!.values[0] - value(behind)["scalar"]!.values[0]
            let found = difference / 2e-5
            #expect(abs(found - expected) < 2e-6 * (1 + abs(expected)))
        }
    }

    @Test("every layer has a case")
    func everyLayerIsChecked() throws {
        let layers = try conformances(to: "Layer", in: "NeuralNetworks/Layers")
        #expect(layers == Set(LayerCase.all.map(\.name)))
    }
}

/// Standard normal numbers.
private func numbers(_ count: Int, stream: UInt32) -> [Double] {
    var stream = RandomStream(seed: 3, stream: stream)
    return (0..<count).map { _ in Double(stream.nextNormal()) }
}

private func fixedNumbers(_ shape: Shape, stream: UInt32) -> Tensor {
    .constant(numbers(shape.count, stream: stream), shape)
}

/// Numbers that keep away from zero, where some layers have a kink.
private func smoothPoint(_ shape: Shape, stream: UInt32) -> ReferenceTensor {
    ReferenceTensor(
        shape: shape,
        values: numbers(shape.count, stream: stream).map { $0 + ($0 < 0 ? -0.2 : 0.2) })
}
