import NeuralNetworks
import TensorGraph

/// How far a training is: what numbers that change over it are functions of.
struct TrainingProgress {
    /// Steps done.
    let step: Int
    /// Real samples shown to the critic.
    let criticSamples: Int
    /// Samples from which the generator has learned.
    let generatorSamples: Int
    /// How often the learning rate was reduced.
    let reductions: Int
}

/// The numbers that a program of a training is told at each run.
struct UpdateNumbers {
    /// The inputs that are numbers, and how each is found.
    private let numbers: [(name: String, value: @Sendable (TrainingProgress) -> Double)]

    /// - Parameter store: The one in which the program was traced.
    init(of program: Program, _ setup: TrainingSetup, in store: ParameterStore) {
        numbers = program.inputs.compactMap {
            input -> (name: String, value: @Sendable (TrainingProgress) -> Double)? in
            if let number = store.scheduled[input.name] {
                return (input.name, { number.value(at: $0.criticSamples) })
            }
            return setup.number(ofInput: input.name).map { (input.name, $0) }
        }
    }

    /// Gives each number to the input of its name.
    func fill(
        at progress: TrainingProgress,
        _ input: (_ name: String) -> UnsafeMutableBufferPointer<Float>
    ) {
        for (name, value) in numbers { input(name)[0] = Float(value(progress)) }
    }
}

/// An update of a network, compiled, with the numbers that it has to be told at each run.
struct CompiledUpdate {
    let executable: any Executable
    private let setup: TrainingSetup
    private let numbers: UpdateNumbers

    /// - Parameter store: The one in which the program was traced.
    init(
        _ program: Program, _ setup: TrainingSetup, in store: ParameterStore,
        on device: any Device
    ) throws {
        executable = try device.compile(program)
        self.setup = setup
        numbers = UpdateNumbers(of: program, setup, in: store)
    }

    /// Gives the program its numbers, and runs it.
    ///
    /// - Parameter number: The update's, counted from 0: what random numbers are a function of.
    func run(_ number: Int, at progress: TrainingProgress) throws {
        numbers.fill(at: progress, executable.input)
        try executable.run(RandomClock(seed: setup.seed, step: UInt64(number)))
    }
}

extension TrainingSetup {
    /// How far a training is after so many steps and updates.
    func progress(
        step: Int, criticUpdates: Int, generatorUpdates: Int, reductions: Int
    ) -> TrainingProgress {
        TrainingProgress(
            step: step, criticSamples: criticUpdates * realBatchSize,
            generatorSamples: generatorUpdates * batchSize, reductions: reductions)
    }

    /// How the number is found that an input of a program stands for; nil for other inputs.
    fileprivate func number(
        ofInput name: String
    ) -> (@Sendable (TrainingProgress) -> Double)? {
        switch name {
        case Self.learningRateInput:
            let (factor, response) = (learningRate, onNonFinite)
            return { factor.value(at: $0.step) * response.factor(after: $0.reductions) }
        case ExponentialMovingAverage.shareInput:
            let (averaging, batch) = (averaging, batchSize)
            return {
                averaging?.share(ofBatch: batch, after: $0.generatorSamples, at: $0.criticSamples)
                    ?? 0
            }
        default: return nil
        }
    }
}
