import NeuralNetworks
import TensorGraph

/// Updates that a device carries out by one call.
final class UpdateList {
    enum Network {
        case critic
        case generator
    }

    /// What happens in a list, in this order.
    enum Event {
        case update(Network, step: Int, hasPenalty: Bool)
        case end(Milestone)
    }

    /// How far a training is after a step, and the losses of that.
    struct Milestone {
        let step: Int
        let criticUpdates: Int
        let generatorUpdates: Int
        var losses = StepLosses()
    }

    /// Whether the device has the data, and is told which samples a batch consists of.
    let hasTable: Bool
    private let list: any RunList
    private let setup: TrainingSetup
    private let numbers: [UpdateNumbers]
    /// Whether the generator's update is given the real batch.
    private let comparesPairs: Bool
    private let hasLabels: Bool
    private var runs: [(program: Int, clock: RandomClock)] = []
    private var events: [Event] = []
    /// Calls so far.
    private(set) var calls = 0
    /// How long an update took in the last call.
    private var pace: Duration?
    private var memory: [UnsafeMutableBufferPointer<Float>] = []

    /// - Parameter programs: The critic's, the generator's and, where some updates have none, the
    ///   critic's without a penalty.
    /// - Returns: nil where the device gains nothing by lists.
    init?(
        _ programs: [Program], _ setup: TrainingSetup, in store: ParameterStore,
        _ data: any SampleSource, on device: any Device
    ) throws {
        let table = device.keepsTables ? data.table : nil
        guard
            let list = try device.compile(
                programs, tables: table.map { [CriticStep.realInput: $0] } ?? [:])
        else { return nil }
        (self.list, self.setup, hasTable) = (list, setup, table != nil)
        numbers = programs.map { UpdateNumbers(of: $0, setup, in: store) }
        comparesPairs = setup.objective.comparesPairs
        hasLabels = programs[0].inputs.contains { $0.name == CriticStep.labelInput }
    }

    deinit { for numbers in memory { numbers.deallocate() } }

    /// Memory for a batch that lives as long as the list.
    func batch(
        of count: Int, labels: Int?
    ) -> (UnsafeMutableBufferPointer<Float>, UnsafeMutableBufferPointer<Float>?) {
        let rooms = ([count] + (labels.map { [$0] } ?? [])).map { count in
            let room = UnsafeMutableBufferPointer<Float>.allocate(capacity: count)
            room.initialize(repeating: 0)
            return room
        }
        memory += rooms
        return (rooms[0], rooms.count > 1 ? rooms[1] : nil)
    }

    /// Whether so many more updates fit, and are expected to end within a second, so that nobody
    /// waits for long who wants to stop.
    func hasRoom(for count: Int) -> Bool {
        guard runs.count + count <= list.capacity, let pace else { return false }
        return pace * (runs.count + count) <= .seconds(1)
    }

    /// Whether no update fits any more.
    var isFull: Bool { runs.count == list.capacity }
}

extension Trainer {
    /// Goes on to step number `end`, or as many steps as one call takes, at least one; then tells
    /// `observe` of each, up to the one in which a number is not finite.
    func advance(
        by list: UpdateList, to end: Int, _ observe: (Trainer) throws -> Void
    ) throws {
        var done: [UpdateList.Milestone] = []
        let outcome = Result { try carryOut(list, to: end, &done) }
        step = done.last?.step ?? step
        let reached = milestone(of: step, losses)
        // Whatever an observer may throw, the training is where its parameters are.
        defer {
            show(reached)
            hasStateOfStep = true
        }
        for milestone in done {
            show(milestone)
            hasStateOfStep = step == reached.step
            try observe(self)
        }
        try outcome.get()
    }

    private func milestone(of step: Int, _ losses: StepLosses) -> UpdateList.Milestone {
        .init(
            step: step, criticUpdates: criticUpdates, generatorUpdates: generatorUpdates,
            losses: losses)
    }

    private func show(_ milestone: UpdateList.Milestone) {
        (step, losses) = (milestone.step, milestone.losses)
        (criticUpdates, generatorUpdates) = (milestone.criticUpdates, milestone.generatorUpdates)
    }

    /// Plans steps and carries them out.
    ///
    /// - Parameter done: Takes the steps that have ended.
    private func carryOut(
        _ list: UpdateList, to end: Int, _ done: inout [UpdateList.Milestone]
    ) throws {
        var planned = step
        var turns = setup.schedule.updates(inStep: planned)
        repeat {
            for turn in 0..<turns.critic + turns.generator {
                if list.isFull { try carryOut(list, &done) }
                plan(turn < turns.critic ? .critic : .generator, inStep: planned, on: list)
            }
            planned += 1
            list.end(milestone(of: planned, losses))
            turns = setup.schedule.updates(inStep: planned)
        } while planned < end && list.hasRoom(for: turns.critic + turns.generator)
        try carryOut(list, &done)
    }

    /// Puts an update on the list, and counts it.
    func plan(_ network: UpdateList.Network, inStep step: Int, on list: UpdateList) {
        let progress = setup.progress(
            step: step, criticUpdates: criticUpdates, generatorUpdates: generatorUpdates,
            reductions: reductions)
        switch network {
        case .critic:
            list.add(.critic, criticUpdates, progress) { fill($0, of: list, criticUpdates) }
            criticUpdates += 1
        case .generator:
            // The real batch is that of the critic's last update.
            let number = max(criticUpdates - 1, 0)
            list.add(.generator, generatorUpdates, progress) { fill($0, of: list, number) }
            generatorUpdates += 1
        }
    }

    /// Gives a run its batch.
    private func fill(_ run: UpdateList.Run, of list: UpdateList, _ number: Int) {
        guard list.hasTable else {
            fillBatch(number)
            return shareBatch(run.input)
        }
        waitingForData { data.fill(rows: run.rows, labels: run.labels, number: number) }
    }

    /// Carries out the list's updates and notes what they gave.
    func carryOut(_ list: UpdateList) throws {
        var done: [UpdateList.Milestone] = []
        try carryOut(list, &done)
    }

    private func carryOut(_ list: UpdateList, _ done: inout [UpdateList.Milestone]) throws {
        try list.carryOut { event, number in
            switch event {
            case .update(.critic, let step, let hasPenalty):
                try noteCritic(of: step, hasPenalty: hasPenalty, number)
            case .update(.generator, let step, _): try noteGenerator(of: step, number)
            case .end(var milestone):
                losses.step = milestone.step
                milestone.losses = losses
                done.append(milestone)
            }
        }
    }
}

extension UpdateList {
    /// A run's place in the list.
    struct Run {
        fileprivate let list: any RunList
        fileprivate let place: Int
        fileprivate let hasLabels: Bool

        /// Where the numbers of an input go.
        func input(_ name: String) -> UnsafeMutableBufferPointer<Float> {
            list.input(name, ofRun: place)
        }

        /// Where the rows go that the real batch consists of.
        var rows: UnsafeMutableBufferPointer<Int32> {
            list.rows(CriticStep.realInput, ofRun: place)
        }

        /// Where the labels go; nil where nobody asks for them.
        var labels: UnsafeMutableBufferPointer<Float>? {
            hasLabels ? input(CriticStep.labelInput) : nil
        }
    }

    /// Puts an update on the list.
    ///
    /// - Parameters:
    ///   - number: The update's, counted from 0: what random numbers are a function of.
    ///   - fillBatch: Called where the update is given a real batch.
    func add(
        _ network: Network, _ number: Int, _ progress: TrainingProgress, fillBatch: (Run) -> Void
    ) {
        let hasPenalty = network == .critic && setup.hasPenalty(inUpdate: number)
        let program = network == .generator ? 1 : hasPenalty || numbers.count < 3 ? 0 : 2
        let run = Run(list: list, place: runs.count, hasLabels: hasLabels)
        numbers[program].fill(at: progress, run.input)
        if network == .critic || comparesPairs { fillBatch(run) }
        runs.append((program, RandomClock(seed: setup.seed, step: UInt64(number))))
        events.append(.update(network, step: progress.step, hasPenalty: hasPenalty))
    }

    /// Notes the end of a step.
    func end(_ milestone: Milestone) { events.append(.end(milestone)) }

    /// Carries out all updates; the list is then empty.
    ///
    /// - Parameter tell: Told of all events, with the numbers that an update gave, by name.
    func carryOut(_ tell: (Event, (String) -> Float) throws -> Void) throws {
        defer { (runs, events) = ([], []) }
        if !runs.isEmpty {
            let start = ContinuousClock.now
            try list.run(runs)
            calls += 1
            pace = (.now - start) / runs.count
        }
        var place = 0
        for event in events {
            try tell(event) { list.scalar($0, ofRun: place) }
            if case .update = event { place += 1 }
        }
    }
}
