import Foundation

/// What a run's folder has for its training to go on from.
enum ResumptionPoint {
    /// From its last sound checkpoint, with the same bits.
    case checkpoint(CheckpointFile, notes: [String])
    /// From weights alone, imported ones or those of an end whose checkpoints have gone.
    case weights(SavedWeights, notes: [String])
    /// From its beginning, since nothing was ever saved.
    case beginning(notes: [String])

    /// Looks at what a run has. Nothing that exists is ever replaced by a beginning.
    ///
    /// - Throws: ``RunFailure/unusable(_:)`` where the run had checkpoints and nothing of them is
    ///   left.
    init(of run: RunFolder, _ record: RunRecord?) throws {
        let name = run.url.relativePath
        let store = try CheckpointStore(in: run)
        let (file, damages) = try store.latest()
        if let file {
            self = .checkpoint(file, notes: damages)
            return
        }
        let hadCheckpoint =
            try record?.hasCheckpoint ?? run.has(RunSummary.path) || !store.list().isEmpty
        // Before the first checkpoint only imported weights count: from those that were saved on
        // the way the bits would be others.
        let places = try WeightsPlaces(of: run)
        if let weights = try hadCheckpoint ? places.newestIfAny() : places.end() {
            let sentence = Self.sentence(on: weights, of: name, record)
            self = .weights(weights, notes: damages + [sentence])
            return
        }
        guard !hadCheckpoint else {
            throw RunFailure.unusable(
                "\(name) has "
                    + "\(damages.isEmpty ? "no checkpoint left" : "only damaged checkpoints") "
                    + "and no weights to go on from; restore its folder checkpoints, or train "
                    + "anew into another folder")
        }
        self = .beginning(notes: ["\(name) has no checkpoint yet; the training begins anew"])
    }

    private static func sentence(
        on weights: SavedWeights, of name: String, _ record: RunRecord?
    ) -> String {
        guard let step = weights.step, step > 0 else {
            let origin =
                record?.imported.map { "the weights imported from \($0)" } ?? weights.name
            return "the training begins with \(origin)"
        }
        return "\(name) has no checkpoint; it goes on from \(weights.name) at step \(step), with "
            + "other bits than from a checkpoint"
    }

    /// The checkpoint, where there is one.
    var checkpoint: CheckpointFile? {
        if case .checkpoint(let file, _) = self { file } else { nil }
    }

    /// Whether the training goes on from weights alone.
    var isFromWeights: Bool { if case .weights = self { true } else { false } }

    /// What the user should know.
    var notes: [String] {
        switch self {
        case .checkpoint(_, let notes), .weights(_, let notes), .beginning(let notes): notes
        }
    }
}

/// What a run's files tell of the process that trained before.
package struct FormerProcess {
    /// Threads that it used.
    package let threads: Int?
    /// The device that it trained on; nil in runs of versions that knew one alone.
    package let device: String?
    /// The folder that its data was in.
    package let dataFolder: String?
    /// The time that the steps done took, in seconds.
    let seconds: Double

    /// Asks the run's record, in runs of earlier versions its last checkpoint and environment.
    package init(_ file: CheckpointFile?, _ record: RunRecord?, in run: RunFolder) throws {
        let last: RunEnvironment? = try run.decoded(RunEnvironment.path)
        let environment = record?.sessions.last?.environment ?? last
        let written = file?.texts[RecordedTraining.Text.threads].flatMap { Int($0) }
        threads = record == nil ? written ?? environment?.threads : environment?.threads
        device = environment?.device
        dataFolder = record?.data?.folder ?? file?.texts[RecordedTraining.Text.data]
        let summary: JSONValue? = file == nil ? try run.decoded(RunSummary.path) : nil
        seconds = file?.seconds ?? summary?["seconds"]?.double ?? 0
    }
}
