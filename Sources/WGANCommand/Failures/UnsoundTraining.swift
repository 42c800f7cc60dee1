import Foundation
import Runs
import WGAN

/// A training that has stopped because a number is not finite.
struct UnsoundTraining: Error, CustomStringConvertible {
    let cause: TrainingError
    /// The step of the last sound checkpoint; nil where there is none.
    let checkpoint: Int?
    let run: RunFolder

    var description: String {
        let state = checkpoint.map { "the last sound checkpoint is that of step \($0)" }
        return "\(cause); \(state ?? "there is no checkpoint yet"), and wgan replay "
            + "\(run.url.relativePath) says which number went bad first"
    }
}
