import CPUExecutor
import Datasets
import NeuralNetworks
import TensorGraph
import Testing

@testable import WGAN

/// The CPU with lists of runs, which it carries out one by one.
private final class ListingDevice: Device {
    private let device = CPUDevice(threads: 1)
    private let capacity: Int
    /// How many runs each call had.
    private(set) var calls: [Int] = []
    var name: String { device.name }
    let keepsTables: Bool

    init(capacity: Int, keepsTables: Bool = true) {
        (self.capacity, self.keepsTables) = (capacity, keepsTables)
    }

    func set(_ variable: Variable, to values: [Float]) throws {
        try device.set(variable, to: values)
    }
    func value(of variable: Variable) -> [Float]? { device.value(of: variable) }
    func compile(_ program: Program) throws -> any Executable { try device.compile(program) }
    func compile(_ programs: [Program], tables: [String: ByteTable]) throws -> (any RunList)? {
        List(
            self, try programs.map { ($0, try device.compile($0)) }, tables, capacity: capacity)
    }

    private final class List: RunList {
        let capacity: Int
        private let device: ListingDevice
        private let programs: [(Program, any Executable)]
        private let tables: [String: ByteTable]
        private var inputs: [String: [UnsafeMutableBufferPointer<Float>]] = [:]
        private var rows: [String: [UnsafeMutableBufferPointer<Int32>]] = [:]
        private var numbers: [[String: Float]] = []

        init(
            _ device: ListingDevice, _ programs: [(Program, any Executable)],
            _ tables: [String: ByteTable], capacity: Int
        ) {
            (self.device, self.programs, self.tables) = (device, programs, tables)
            self.capacity = capacity
            for (name, shape) in programs.flatMap(\.0.inputs) where inputs[name] == nil {
                inputs[name] = (0..<capacity).map { _ in
                    let memory = UnsafeMutableBufferPointer<Float>.allocate(capacity: shape.count)
                    memory.initialize(repeating: .nan)
                    return memory
                }
                rows[name] = (0..<capacity).map { _ in
                    .allocate(capacity: shape.dimensions.first ?? 0)
                }
            }
        }

        deinit {
            for memory in inputs.values.joined() { memory.deallocate() }
            for memory in rows.values.joined() { memory.deallocate() }
        }

        func input(_ name: String, ofRun run: Int) -> UnsafeMutableBufferPointer<Float> {
            precondition(tables[name] == nil)
            return inputs[name]![run]
        }
        func rows(_ name: String, ofRun run: Int) -> UnsafeMutableBufferPointer<Int32> {
            precondition(tables[name] != nil)
            return rows[name]![run]
        }

        func run(_ runs: [(program: Int, clock: RandomClock)]) throws {
            #expect(!runs.isEmpty && runs.count <= capacity)
            device.calls.append(runs.count)
            numbers = try runs.enumerated().map { place, run in
                let (program, executable) = programs[run.program]
                for (name, _) in program.inputs {
                    let values =
                        tables[name].map { $0.samples(rows[name]![place]) }
                        ?? Array(inputs[name]![place])
                    _ = executable.input(name).update(from: values)
                }
                try executable.run(run.clock)
                return Dictionary(
                    uniqueKeysWithValues: program.outputs.map {
                        ($0.name, executable.scalar($0.name))
                    })
            }
            // What is left over from a call must not be seen by the next one.
            for memory in inputs.values.joined() { memory.update(repeating: .nan) }
        }

        func scalar(_ name: String, ofRun run: Int) -> Float { numbers[run][name]! }
    }
}

extension ByteTable {
    /// Rows as numbers, mirrored where the row's number says so.
    fileprivate func samples(_ rows: UnsafeMutableBufferPointer<Int32>) -> [Float] {
        let (width, channels) = (rowShape[1], rowShape[2])
        return rows.flatMap { row -> [Float] in
            let start = Int(row < 0 ? -1 - row : row) * rowShape.count
            return (0..<rowShape.count).map { place in
                let (line, column) = (
                    place / (width * channels), place / channels % width
                )
                let from = row < 0 ? width - 1 - column : column
                let index = (line * width + from) * channels + place % channels
                return Float(bytes[start + index]) / 127.5 - 1
            }
        }
    }
}

@Suite("Updates carried out many by one call")
struct UpdateListTests {
    /// The losses of all steps, the weights at the end, and the steps whose weights were seen.
    private struct Course: Equatable {
        var losses: [[UInt64]] = []
        var counts: [[Int]] = []
        var weights: [[UInt32]] = []
        var steps: [Int] = []
    }

    private func course(
        _ trainer: Trainer, to end: Int, seeing needsState: (Int) -> Bool = { _ in false }
    ) throws -> Course {
        var course = Course()
        try trainer.train(to: end, needingState: needsState) { trainer in
            course.steps.append(trainer.losses.step)
            course.losses.append(trainer.losses.values.map(\.bitPattern))
            course.counts.append([
                trainer.step, trainer.criticUpdates, trainer.generatorUpdates,
            ])
            if needsState(trainer.step) {
                #expect(trainer.hasStateOfStep)
                course.weights.append(weights(trainer))
            }
        }
        course.weights.append(weights(trainer))
        return course
    }

    private func weights(_ trainer: Trainer) -> [UInt32] {
        trainer.parameters.parameters.flatMap { trainer.value(of: $0).map(\.bitPattern) }
    }

    private static let changes: [(name: String, change: @Sendable (inout TrainingSetup) -> Void)] =
        [
            ("five critic updates", { $0.schedule = .fixed(iterations: 5) }),
            ("alternating", { $0.schedule = .alternating(period: 5) }),
            ("warmed up", { $0.schedule = .warmedUp(iterations: 2) }),
            (
                "a rule with idle steps",
                {
                    $0.schedule = .custom(
                        .init("own") { .init(critic: $0 % 3, generator: $0 % 2) })
                }
            ),
            (
                "a penalty in every third update",
                {
                    $0.constraint = GradientPenalty(coefficient: 10)
                    $0.penaltyInterval = 3
                }
            ),
            (
                "learning rates and averages that change",
                {
                    $0.averaging = ExponentialMovingAverage(halfLife: 500, rampUp: 0.5)
                    $0.onNonFinite = .reduceLearningRate(factor: 0.5, times: 2)
                }
            ),
            ("pairs", { $0.objective = RelativisticObjective() }),
            ("matched pairs", { $0.objective = DiscreteTransportObjective() }),
        ]

    @Test(
        "gives the bits of single updates", arguments: changes.indices, [1, 7, 128])
    func bits(index: Int, capacity: Int) throws {
        let make = { (device: any Device) in
            var setup = SmallTraining(hidden: 8).setup
            setup.batchSize = 20
            Self.changes[index].change(&setup)
            return try Trainer(
                setup, data: PointSource(SmallTraining.distribution, seed: setup.seed), on: device)
        }
        let seen = { (step: Int) in step % 10 == 0 }
        let single = try course(make(CPUDevice(threads: 1)), to: 33, seeing: seen)
        let listed = try course(
            make(ListingDevice(capacity: capacity)), to: 33, seeing: seen)
        #expect(single == listed, "\(Self.changes[index].name)")
        #expect(single.steps == Array(1...33))
    }

    /// A training on 30 random images of 4×4 pixels.
    private static func images(on device: any Device, flips: Bool) throws -> Trainer {
        let pixels = (0..<30 * 16).map { UInt8(truncatingIfNeeded: $0 &* $0 &* 31 &+ $0) }
        var store = ParameterStore(initialisation: .pyTorch)
        let generator = store.scoped("generator") {
            Sequential(
                in: &$0,
                [
                    { Linear(2, 16, in: &$0) },
                    { _ in Reshape(channels: 1, height: 4, width: 4) },
                ])
        }
        let critic = store.scoped("critic") {
            Sequential(in: &$0, [{ _ in Flatten() }, { Linear(16, 1, in: &$0) }])
        }
        let setup = TrainingSetup(
            latent: Latent(size: 2), generator: generator, critic: critic, parameters: store,
            constraint: WeightClipping(bound: 0.1), optimiser: Adam(learningRate: 1e-2),
            schedule: .fixed(iterations: 2), batchSize: 6, seed: 4)
        let images = try ImageSet(height: 4, width: 4, channels: 1, pixels: pixels)
        return try Trainer(
            setup,
            data: ImageSource(images, batchSize: 6, seed: 4, flips: flips), on: device)
    }

    @Test("gives the bits of batches that were sent, where images lie on the device")
    func tables() throws {
        for flips in [false, true] {
            let single = try course(
                Self.images(on: CPUDevice(threads: 1), flips: flips), to: 20)
            for keepsTables in [false, true] {
                let trainer = try Self.images(
                    on: ListingDevice(capacity: 9, keepsTables: keepsTables), flips: flips)
                #expect(try course(trainer, to: 20) == single)
                let other = try Self.images(on: CPUDevice(threads: 1), flips: flips)
                try other.train(to: 20)
                #expect(trainer.lastBatch == other.lastBatch)
            }
        }
    }

    @Test("stops where the state is needed, and fills calls elsewhere")
    func calls() throws {
        let device = ListingDevice(capacity: 12)
        let setup = SmallTraining(schedule: .fixed(iterations: 2), hidden: 8).setup
        let trainer = try Trainer(
            setup, data: PointSource(SmallTraining.distribution, seed: setup.seed), on: device)
        // The first call finds out how long a step takes.
        _ = try course(trainer, to: 12) { $0 == 7 }
        #expect(device.calls == [3, 12, 6, 12, 3])
        try trainer.train(to: 15)
        #expect(device.calls.suffix(3) == [3, 3, 3])
    }

    @Test("is where its parameters are after an observer has thrown")
    func throwing() throws {
        struct Stop: Error {}
        let device = ListingDevice(capacity: 30)
        let setup = SmallTraining(schedule: .fixed(iterations: 2), hidden: 8).setup
        let source = PointSource(SmallTraining.distribution, seed: setup.seed)
        let trainer = try Trainer(setup, data: source, on: device)
        #expect(throws: Stop.self) {
            try trainer.train(
                to: 30, needingState: { _ in false },
                observe: { trainer in if trainer.step == 5 { throw Stop() } })
        }
        #expect(trainer.step == 11 && trainer.losses.step == 11 && trainer.criticUpdates == 22)
        let other = try Trainer(setup, data: source, on: CPUDevice(threads: 1))
        try other.train(to: 11)
        #expect(weights(trainer) == weights(other))
    }

    /// Points of which those of one batch are no numbers.
    private struct FaultySource: SampleSource {
        var source = PointSource(SmallTraining.distribution, seed: 1)
        let fault: Int
        var sampleShape: Shape { source.sampleShape }

        mutating func fill(_ batch: Batch, number: Int) {
            source.fill(batch, number: number)
            if number == fault { batch.samples.update(repeating: .nan) }
        }
    }

    @Test(
        "names the step whose loss is no number, and tells of those before it", arguments: [0, 21])
    func nonFinite(fault: Int) throws {
        let setup = SmallTraining(schedule: .fixed(iterations: 2), hidden: 8).setup
        var (steps, ends): ([[Int]], [Int]) = ([], [])
        for device in [CPUDevice(threads: 1), ListingDevice(capacity: 100)] as [any Device] {
            var seen: [Int] = []
            let trainer = try Trainer(setup, data: FaultySource(fault: fault), on: device)
            #expect(
                throws: TrainingError.nonFinite(
                    step: fault / 2 + 1, quantity: "the critic's loss")
            ) {
                try trainer.train(
                    to: 50, needingState: { _ in false }, observe: { seen.append($0.step) })
            }
            steps.append(seen)
            ends.append(trainer.step)
        }
        let before = Array((0...fault / 2).dropFirst())
        #expect(steps == [before, before] && ends == [fault / 2, fault / 2])
    }
}
