import CPUExecutor
import GraphTestSupport
import Philox
import TensorGraph

/// A program on the CPU executor and on the reference, with the same variables and inputs.
final class Pairing {
    let device: CPUDevice
    let executable: any Executable
    private let program: Program
    private let reference: ReferenceExecutor
    private var inputs: [String: ReferenceTensor] = [:]
    private var step: UInt64 = 0

    /// Variables start with the given values, or with repeatable small numbers; inputs likewise.
    init(
        outputs: [(name: String, tensor: Tensor)] = [],
        updates: [(variable: Variable, value: Tensor)] = [], values: [Variable: [Double]] = [:],
        threads: Int = 1
    ) throws {
        device = CPUDevice.eager(threads: threads)
        // The traced program defines the meaning, the simplified one is compiled.
        program = try Program(tracing: outputs, updates)
        let simplified = try Program(outputs: outputs, updates: updates)
        reference = ReferenceExecutor()
        for (number, variable) in program.variables.enumerated() {
            let value = values[variable] ?? Self.numbers(variable.shape.count, number)
            try device.set(variable, to: value.map(Float.init))
            reference.variables[variable.name] = ReferenceTensor(
                shape: variable.shape, values: value)
        }
        executable = try device.compile(simplified)
        for (number, input) in program.inputs.enumerated() {
            let value = Self.numbers(input.shape.count, 100 + number)
            inputs[input.name] = ReferenceTensor(shape: input.shape, values: value)
        }
        for input in simplified.inputs {
            _ = executable.input(input.name).update(
                from: inputs[input.name]!.values.map(Float.init))
        }
    }

    /// Runs both and gives the largest deviation of an output or a variable.
    func deviation() throws -> Double {
        let clock = RandomClock(seed: 7, step: step)
        step += 1
        var expected = try reference.run(program, inputs: inputs, clock: clock)
        try executable.run(clock)
        var found = expected.mapValues { _ in [Float]() }
        for name in expected.keys { found[name] = Array(executable.output(name)) }
        for variable in program.variables {
            expected["variable \(variable.name)"] = reference.variables[variable.name]!
            found["variable \(variable.name)"] = device.value(of: variable) ?? []
        }
        return expected.map { name, value in
            ReferenceTensor(shape: value.shape, values: found[name]!.map(Double.init))
                .checkedDeviation(from: value)
        }.max() ?? 0
    }

    /// The largest deviation in several runs, one after the other.
    static func deviation(
        outputs: [(name: String, tensor: Tensor)] = [],
        updates: [(variable: Variable, value: Tensor)] = [], values: [Variable: [Double]] = [:],
        runs: Int = 3
    ) throws -> Double {
        let pairing = try Pairing(outputs: outputs, updates: updates, values: values)
        return try (0..<runs).map { _ in try pairing.deviation() }.max() ?? 0
    }

    /// Multiples of 1/8 in −2…2, exact in single precision.
    static func numbers(_ count: Int, _ stream: Int) -> [Double] {
        var random = RandomStream(seed: 5, stream: UInt32(stream))
        return (0..<count).map { _ in Double(Int.random(in: -16...16, using: &random)) / 8 }
    }
}

extension ReferenceTensor {
    /// As `deviation`, infinite also where the number of elements is not the shape's.
    fileprivate func checkedDeviation(from other: ReferenceTensor) -> Double {
        values.count == other.values.count ? deviation(from: other) : .infinity
    }
}
