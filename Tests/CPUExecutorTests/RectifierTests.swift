import CPUExecutor
import TensorGraph
import Testing

@Suite("Rectifiers")
struct RectifierTests {
    private static func relu(_ x: Tensor) -> Tensor { .select(x .<= 0, 0, x) }
    private static func leaky(_ x: Tensor) -> Tensor { .select(x .> 0, x, 0.2 * x) }

    /// A layer, a rectifier, a layer, and the gradient of the first weights through the mask.
    private func outputs(_ rectifier: (Tensor) -> Tensor) -> [(name: String, tensor: Tensor)] {
        let x = Tensor.input("x", [12, 20])
        let (first, second) = (Variable("first", [20, 24]), Variable("second", [24, 16]))
        let y = rectifier(x.matmul(first.tensor)).matmul(second.tensor)
        let slopes = gradients(of: (y * y).sum(), withRespectTo: [first.tensor])
        return [("y", y), ("slope", slopes[0])]
    }

    @Test("leave their masks to be computed again", arguments: [false, true])
    func masks(isLeaky: Bool) throws {
        let outputs = outputs(isLeaky ? Self.leaky : Self.relu)
        let plan = try CPUDevice(threads: 1).plan(Program(outputs: outputs))
        for planned in plan.steps {
            guard let step = planned.step as? FusedStep else { continue }
            #expect(step.stores.count <= 1, "\(planned.label)")
        }
        #expect(try Pairing.deviation(outputs: outputs) < 1e-4)
    }

    @Test("pass on what is no number, in bands too, and have no slope at zero")
    func specialValues() throws {
        let x = Tensor.input("x", [5, 2])
        let (weights, bias) = (Variable("weights", [24, 2]), Variable("bias", [24]))
        let z = x.matmul(weights.tensor, transposeSecond: true) + bias.tensor
        let y = Self.relu(z)
        let slopes = gradients(of: (y * 3).sum(), withRespectTo: [bias.tensor])
        let device = CPUDevice(threads: 1)
        try device.set(weights, to: [Float](repeating: 1, count: 48))
        try device.set(bias, to: [Float](repeating: 0, count: 24))
        let executable = try device.compile(Program(outputs: [("y", y), ("slope", slopes[0])]))
        let rows: [Float] = [1, 1, -1, 1, -2, 1, .nan, 1, .infinity, 1]
        for (place, value) in rows.enumerated() { executable.input("x")[place] = value }
        try executable.run(RandomClock(seed: 0, step: 0))
        let values = Array(executable.output("y"))
        #expect(values[0] == 2 && values[24] == 0 && values[48] == 0 && values[96] == .infinity)
        #expect(values[72].isNaN)
        // The rows of 2, of infinity, and of what is no number.
        #expect(executable.output("slope").allSatisfy { $0 == 9 })
    }

    @Test("of other thresholds and slopes keep their masks' meaning")
    func lookAlikes() throws {
        let shifted = { (x: Tensor) in Tensor.select(x .<= 1, 0, x) }
        let folded = { (x: Tensor) in Tensor.select(x .> 0, x, -0.5 * x) }
        #expect(try Pairing.deviation(outputs: outputs(shifted)) < 1e-4)
        #expect(try Pairing.deviation(outputs: outputs(folded)) < 1e-4)
    }
}

@Suite("Transposed convolutions to few channels")
struct FoldTests {
    @Test(
        "are a product and a scatter, for any kernel, stride and padding",
        arguments: [(1, 4, 2, 1), (3, 4, 2, 1), (2, 5, 3, 0), (3, 3, 1, 2), (8, 2, 2, 0)])
    func agrees(channels: Int, kernel: Int, stride: Int, padding: Int) throws {
        let geometry = ConvolutionGeometry(stride: stride, padding: padding)
        let size = { (count: Int) in (count - 1) * stride - 2 * padding + kernel }
        let x = Tensor.input("x", [2, 5, 4, 16])
        let w = Tensor.input("w", [16, channels, kernel, kernel])
        let y = x.convolutionInputGradient(w, geometry, inputSize: (size(5), size(4)))
        let plan = try CPUDevice(threads: 1).describe(Program(outputs: [("y", y)]))
        #expect(plan.contains("fold"))
        #expect(try Pairing.deviation(outputs: [("y", y)]) < 1e-5)
    }
}
