import CPUExecutor
import Philox
import TensorGraph

/// A training step of a small network, written with bare tensors.
struct SmallTraining {
    let program: Program
    let variables: [Variable]

    static let loss = "loss"

    /// Points through a network of 2-32-16-1, whose products all fit our own loop; with momentum.
    static func perceptron() throws -> SmallTraining {
        let weights = [(32, 2), (16, 32), (1, 16)].enumerated().map {
            Variable("layer\($0).weight", [$1.0, $1.1])
        }
        let biases = weights.enumerated().map { Variable("layer\($0).bias", [$1.shape[0]]) }
        var x = Tensor.randomNormal([32, 2], stream: 1)
        let target = (x * x).sum(along: [1]).reshaped([32, 1])
        for (weight, bias) in zip(weights, biases) {
            x = x.matmul(weight.tensor, transposeSecond: true) + bias.tensor
            if weight != weights.last { x = .maximum(x, 0.2 * x) }
        }
        return try SmallTraining((x - target), weights + biases)
    }

    /// Images through two convolutions and a product large enough for oneDNN.
    static func convolutional() throws -> SmallTraining {
        let first = Variable("first", [8, 3, 3, 3])
        let second = Variable("second", [16, 8, 3, 3])
        let last = Variable("last", [64, 576])
        let x = Tensor.randomNormal([16, 12, 12, 3], stream: 1)
        var y = x.convolved(first.tensor, ConvolutionGeometry(stride: 1, padding: 1))
        y = .maximum(y, 0.2 * y)
        y = y.convolved(second.tensor, ConvolutionGeometry(stride: 2, padding: 1))
        y = y.tanh().reshaped([16, 576]).matmul(last.tensor, transposeSecond: true)
        return try SmallTraining(y - 1, [first, second, last])
    }

    private init(_ error: Tensor, _ parameters: [Variable]) throws {
        let loss = (error * error).mean()
        let slopes = gradients(of: loss, withRespectTo: parameters.map(\.tensor))
        let momenta = parameters.map { Variable("\($0.name).momentum", $0.shape) }
        var updates: [(variable: Variable, value: Tensor)] = []
        for index in parameters.indices {
            let momentum = 0.9 * momenta[index].tensor + slopes[index]
            updates.append((momenta[index], momentum))
            updates.append((parameters[index], parameters[index].tensor - 0.01 * momentum))
        }
        program = try Program(outputs: [(Self.loss, loss)], updates: updates)
        variables = parameters + momenta
    }

    /// Gives all variables their repeatable first values.
    func setVariables(on device: CPUDevice) throws {
        for (number, variable) in variables.enumerated() {
            var random = RandomStream(seed: 11, stream: UInt32(number))
            let scale: Float = variable.name.hasSuffix("momentum") ? 0 : 0.2
            try device.set(
                variable, to: (0..<variable.shape.count).map { _ in scale * random.nextNormal() })
        }
    }

    /// The losses of some steps from the first values, then all variables' values.
    func results(on device: CPUDevice, steps: UInt64) throws -> [[Float]] {
        try setVariables(on: device)
        let executable = try device.compile(program)
        var losses: [Float] = []
        for step in 0..<steps {
            try executable.run(RandomClock(seed: 3, step: step))
            losses.append(executable.scalar(Self.loss))
        }
        return [losses] + variables.map { device.value(of: $0)! }
    }
}
