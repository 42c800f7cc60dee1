import StrictYAML

/// How long a training goes on.
public enum TrainingLength: Hashable, Sendable {
    /// So many steps of the trainer.
    case steps(Int)
    /// So many passes of the critic over the real data.
    case epochs(Int)

    /// The trainer's steps: for epochs the fewest in which the critic sees all their batches.
    ///
    /// - Parameters:
    ///   - batchesPerEpoch: Batches in one pass over the data; nil where the data has no end.
    ///   - schedule: Which steps are the critic's.
    /// - Throws: A ``TrainingError`` for epochs of data that has no end.
    public func steps(
        batchesPerEpoch: Int?, schedule: CriticSchedule
    ) throws(TrainingError) -> Int {
        switch self {
        case .steps(let steps): return steps
        case .epochs(let epochs):
            guard let batchesPerEpoch else {
                throw .setting("the data has no end and so no epochs; give the training steps")
            }
            let batches = epochs * batchesPerEpoch
            var (low, high) = (0, 2 * batches + 2)
            while low < high {
                let middle = (low + high) / 2
                if schedule.updates(beforeStep: middle).critic < batches {
                    low = middle + 1
                } else {
                    high = middle
                }
            }
            return low
        }
    }

    /// How many steps a training may have.
    static let stepRange = 1...1_000_000_000

    /// `steps: 1000` or `epochs: 60`.
    init(
        reading section: ConfigurationSection, data: any DataConfiguration
    ) throws(ConfigurationError) {
        switch try section.onlyOne(of: ["steps", "epochs"]) {
        case "steps": self = .steps(try section.value("steps", .integer(in: Self.stepRange)))
        default:
            self = .epochs(try section.value("epochs", .integer(in: 1...1_000_000)))
            guard data.distribution == nil else {
                throw section.invalid(
                    "epochs",
                    "cannot be counted, as the data is a distribution without end; "
                        + "give 'steps' in its place")
            }
        }
    }
}
