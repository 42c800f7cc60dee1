import ArgumentParser
import XLAExecutor

/// Where programs run.
struct DeviceOption: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Where programs run: cpu, cuda, tpu, xla-cpu, or the path of a PJRT plugin.",
            discussion: """
                After a colon, the number of one of several devices, as in cuda:1. wgan doctor \
                lists those that are found; Documentation/accelerators.md says how to get them.
                """,
            valueName: "device"))
    var device: String?

    @Option(
        help: ArgumentHelp(
            "How many devices share the work, this one and those after it.", valueName: "count"))
    var devices: Int?

    func validate() throws {
        guard let devices else { return }
        guard devices >= 1 else {
            throw ValidationError("--devices \(devices) makes no sense; give at least 1")
        }
        guard devices == 1 || device != nil else {
            throw ValidationError("--devices needs --device, such as --device cuda")
        }
    }

    /// The device as `TrainingDevice.named` takes it, such as `cuda:0-3`.
    var choice: String? {
        guard let device, let devices, devices > 1 else { return device }
        let (name, numbers) = XLADevice.parts(of: device)
        return "\(name):\(numbers.lowerBound)-\(numbers.lowerBound + devices - 1)"
    }
}
