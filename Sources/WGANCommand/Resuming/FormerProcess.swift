import Runs

/// What a run's files tell of the process that trained before.
struct FormerProcess {
    /// Threads that it used.
    let threads: Int?
    /// The folder that its data was in.
    let dataFolder: String?
    /// The time that the steps done took, in seconds.
    let seconds: Double

    /// Asks the run's record, in runs of earlier versions its last checkpoint and environment.
    init(_ file: CheckpointFile?, _ record: RunRecord?, in run: RunFolder) throws {
        let last: RunEnvironment? = try run.decoded(RunEnvironment.path)
        let environment = record?.sessions.last?.environment ?? last
        let written = file?.texts[TrainingRun.Text.threads].flatMap { Int($0) }
        threads = record == nil ? written ?? environment?.threads : environment?.threads
        dataFolder = record?.data?.folder ?? file?.texts[TrainingRun.Text.data]
        let summary: JSONValue? = file == nil ? try run.decoded(RunSummary.path) : nil
        seconds =
            file?.texts[TrainingRun.Text.seconds].flatMap { Double($0) }
            ?? summary?["seconds"]?.double ?? 0
    }
}
