import CPUExecutor
package import TensorGraph
import XLAExecutor

/// The devices that a training can be asked to run on, by name.
package enum TrainingDevice {
    /// This machine's processor by our own executor: the default.
    package static let processor = "cpu"

    /// Opens the device that people call `name`.
    ///
    /// - Parameters:
    ///   - name: `cpu`, `cuda`, `tpu`, `xla-cpu`, or the path of a plugin's library, and after a
    ///     colon the number of one of its devices, or the first and last of several, as in
    ///     `cuda:0-3`; nil for `cpu`.
    ///   - threads: Threads of the processor; nil for one on each.
    ///   - processes: Those that train together; nil for this one alone.
    /// - Throws: ``RunFailure/unusable(_:)`` where there is none, in one sentence that says how to
    ///   get it.
    package static func named(
        _ name: String?, threads: Int?, processes: TrainingProcesses? = nil
    ) throws -> any Device {
        guard let name, name != processor else {
            return try CPUDevice(checking: threads, with: processes)
        }
        guard processes == nil else {
            throw RunFailure.unusable(
                "--device \(name): several processes train on processors alone; leave it out, or "
                    + "start one process with --devices")
        }
        guard XLADevice.parts(of: name).name != processor else {
            throw RunFailure.unusable(
                "--device \(name): there is no device '\(name)'; 'cpu' is all processors, and "
                    + "--threads says how many are used")
        }
        do {
            return try XLADevice(named: name)
        } catch {
            throw RunFailure.unusable("--device \(name): \(error)")
        }
    }
}

extension Device {
    /// The name by which ``TrainingDevice/named(_:threads:processes:)`` opens it.
    package var choice: String { (self as? XLADevice)?.choice ?? TrainingDevice.processor }

    /// Threads of the processor that it uses; 1 where others do the work.
    package var processorThreads: Int { (self as? CPUDevice)?.threads ?? 1 }
}
