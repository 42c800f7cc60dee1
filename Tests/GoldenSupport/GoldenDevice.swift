import TensorGraph

/// A device that computes with a runner and gives programs, in place of random numbers and of the
/// data's batches, the numbers of a golden case; it keeps what each run gave.
final class GoldenDevice: Device {
    let name = "golden"
    private(set) var variables: [String: ReferenceTensor] = [:]
    /// In their order, each with all variables after it.
    private(set) var runs: [GoldenRun] = []
    private let beginning: [String: ReferenceTensor]
    private let runner: ProgramRunner
    private let numbers: Numbers

    /// The numbers of an input of a program at a run, or nil for inputs that keep what they were
    /// filled with. Random numbers have inputs called by their kind.
    typealias Numbers = (
        _ input: String, _ filled: ReferenceTensor, _ program: Program, _ run: Int
    ) throws -> ReferenceTensor?

    /// - Parameter beginning: What variables begin with, whatever they are set to.
    init(
        beginning: [String: ReferenceTensor], runner: @escaping ProgramRunner,
        numbers: @escaping Numbers
    ) {
        (self.beginning, self.runner, self.numbers) = (beginning, runner, numbers)
    }

    func set(_ variable: Variable, to values: [Float]) throws {
        variables[variable.name] =
            beginning[variable.name]
            ?? ReferenceTensor(shape: variable.shape, values: values.map(Double.init))
    }

    func value(of variable: Variable) -> [Float]? {
        variables[variable.name]?.values.map(Float.init)
    }

    func compile(_ program: Program) throws -> any Executable {
        GoldenExecutable(program.takingRandomNumbersAsInputs(), on: self)
    }

    fileprivate func run(
        _ program: Program, number: Int, filled: [String: ReferenceTensor]
    ) throws -> [String: ReferenceTensor] {
        var inputs = filled
        for (name, own) in filled {
            guard let exact = try numbers(name, own, program, number) else { continue }
            guard exact.values.count == own.values.count else {
                throw GoldenError("\(name) is \(own.shape), and the case has \(exact.shape)")
            }
            inputs[name] = ReferenceTensor(shape: own.shape, values: exact.values)
        }
        let result = try runner(program, inputs, variables)
        variables.merge(result.variables) { $1 }
        runs.append(GoldenRun(outputs: result.outputs, variables: variables))
        return result.outputs
    }
}

private final class GoldenExecutable: Executable {
    private let program: Program
    private unowned let device: GoldenDevice
    private var inputs: [String: (shape: Shape, memory: UnsafeMutableBufferPointer<Float>)] = [:]
    private var outputs: [String: UnsafeMutableBufferPointer<Float>] = [:]

    init(_ program: Program, on device: GoldenDevice) {
        (self.program, self.device) = (program, device)
        for input in program.inputs {
            inputs[input.name] = (input.shape, .allocate(capacity: input.shape.count))
            inputs[input.name]?.memory.initialize(repeating: 0)
        }
        for output in program.outputs {
            let count = program.instructions[output.instruction].shape.count
            outputs[output.name] = .allocate(capacity: count)
        }
    }

    deinit {
        for input in inputs.values { input.memory.deallocate() }
        for output in outputs.values { output.deallocate() }
    }

    func input(_ name: String) -> UnsafeMutableBufferPointer<Float> { inputs[name]!.memory }

    func output(_ name: String) -> UnsafeBufferPointer<Float> {
        UnsafeBufferPointer(outputs[name]!)
    }

    func run(_ clock: RandomClock) throws {
        let filled = inputs.mapValues {
            ReferenceTensor(shape: $0.shape, values: $0.memory.map(Double.init))
        }
        let results = try device.run(program, number: Int(clock.step), filled: filled)
        for (name, memory) in outputs {
            _ = memory.initialize(from: results[name]!.values.map(Float.init))
        }
    }
}
