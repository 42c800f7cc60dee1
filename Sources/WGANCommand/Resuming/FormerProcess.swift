import Runs

/// What a checkpoint tells of the process that wrote it.
struct FormerProcess {
    let threads: Int?
    let dataFolder: String?
    let seconds: Double

    init(_ file: CheckpointFile) {
        threads = file.texts[TrainingRun.Text.threads].flatMap { Int($0) }
        dataFolder = file.texts[TrainingRun.Text.data]
        seconds = file.texts[TrainingRun.Text.seconds].flatMap { Double($0) } ?? 0
    }
}
