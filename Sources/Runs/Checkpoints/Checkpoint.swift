package import ArrayFiles
import Files

/// All that a training needs to go on with the same bits: parameters, averages, the optimisers' and
/// the constraint's state, counters, seeds, the place in the data, and what the training was.
package struct Checkpoint: Sendable {
    /// Steps done.
    package var step: Int
    /// All state that is made of floats, by names that differ.
    package var tensors: [Safetensors.Tensor]
    /// All state that is made of integers, such as "criticUpdates", "seed" or "data.batch".
    package var counters: [String: UInt64]
    /// The complete configuration, as in `config.yaml`.
    package var configuration: String
    /// What else a process that goes on should know, by keys such as `threads` and `schedule`.
    package var texts: [String: String]
    /// Measures of the model, by which the best checkpoint is chosen.
    package var metrics: [String: Double]

    /// The text that tells what ``metrics`` were measured on.
    package static let measuredOn = "measuredOn"

    /// - Parameters:
    ///   - step: Steps done, from 0 upwards.
    ///   - tensors: All state that is made of floats; names beginning with "checkpoint." are taken.
    ///   - counters: All state that is made of integers.
    ///   - configuration: The complete configuration.
    ///   - texts: Further text.
    ///   - metrics: Measures of the model.
    package init(
        step: Int, tensors: [Safetensors.Tensor], counters: [String: UInt64] = [:],
        configuration: String = "", texts: [String: String] = [:], metrics: [String: Double] = [:]
    ) {
        (self.step, self.tensors, self.counters) = (step, tensors, counters)
        (self.configuration, self.texts, self.metrics) = (configuration, texts, metrics)
    }

    /// A short text that differs between configurations that differ, but for rare accidents.
    package static func hash(ofConfiguration text: String) -> String {
        let digits = String(CRC32C(Array(text.utf8)).value, radix: 16)
        return String(repeating: "0", count: 8 - digits.count) + digits
    }
}

/// A checkpoint that cannot be written or used.
package enum CheckpointFailure: Error, Equatable, Sendable {
    /// The file is a safetensors file but no checkpoint, or a damaged one; the reason as a clause.
    case damaged(path: String, reason: String)
    /// The file was written by a later version of this program.
    case newerVersion(path: String)
    /// The file does not have what was asked for.
    case missing(path: String, name: String)
    /// A step below zero, or a tensor's name that the format keeps for itself.
    case unwritable(String)
}

extension CheckpointFailure: CustomStringConvertible {
    /// One sentence: what is wrong, where, and what to do.
    package var description: String {
        switch self {
        case .damaged(let path, let reason):
            "The checkpoint \(path.quoted) cannot be used: \(reason); take an earlier one."
        case .newerVersion(let path):
            "The checkpoint \(path.quoted) was written by a newer version of this program; "
                + "update it to use the checkpoint."
        case .missing(let path, let name):
            "The checkpoint \(path.quoted) has no \(name.quoted); "
                + "it belongs to another configuration or version."
        case .unwritable(let what):
            "A checkpoint cannot be written: \(what.quoted) is not allowed; "
                + "count steps from 0 and do not begin names with 'checkpoint.'."
        }
    }
}
