import NeuralNetworks
import TensorGraph

/// How a device carries out updates: each by a call of its own, or lists of them.
enum Updates {
    case each(UpdatePrograms)
    case lists(UpdateList)

    /// Compiles the programs in the way that is the device's faster one.
    ///
    /// - Parameter penaltyFree: The critic's update without a penalty; nil where each has it.
    init(
        critic: Program, penaltyFree: Program?, generator: Program, _ setup: TrainingSetup,
        in store: ParameterStore, _ data: any SampleSource, on device: any Device
    ) throws {
        // Matching pairs needs the samples of an update before it is carried out.
        if !setup.objective.matchesPairs,
            let list = try UpdateList(
                [critic, generator] + (penaltyFree.map { [$0] } ?? []), setup, in: store, data,
                on: device)
        {
            self = .lists(list)
        } else {
            let compiled = { (program: Program) in
                try CompiledUpdate(program, setup, in: store, on: device)
            }
            self = .each(
                UpdatePrograms(
                    critic: try compiled(critic), penaltyFree: try penaltyFree.map(compiled),
                    generator: try compiled(generator)))
        }
    }

    /// Whether the device has the data, and is told which samples a batch consists of.
    var hasTable: Bool {
        if case .lists(let list) = self { list.hasTable } else { false }
    }

    /// Memory for the critic's batch: its program's own where there is one program.
    func batch(
        of count: Int, labels: Int?
    ) -> (UnsafeMutableBufferPointer<Float>, UnsafeMutableBufferPointer<Float>?) {
        switch self {
        case .each(let programs):
            let input = programs.critic.executable.input
            return (input(CriticStep.realInput), labels.map { _ in input(CriticStep.labelInput) })
        case .lists(let list): return list.batch(of: count, labels: labels)
        }
    }
}

/// The programs of updates, each compiled by itself.
struct UpdatePrograms {
    let critic: CompiledUpdate
    /// The critic's update without a penalty; nil where each update has it.
    let penaltyFree: CompiledUpdate?
    let generator: CompiledUpdate

    /// The critic's update, with a penalty or without.
    func critic(hasPenalty: Bool) -> CompiledUpdate {
        hasPenalty ? critic : penaltyFree ?? critic
    }
}
