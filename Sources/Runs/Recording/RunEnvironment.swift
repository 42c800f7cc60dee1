import CPUExecutor
import Foundation
import TensorGraph
import WGAN

/// Where and with what a training took place.
package struct RunEnvironment: Codable {
    /// The version of this package.
    package static let version = "0.1.0"
    /// The file's place in the run folder.
    static let path = "environment.json"

    /// The command's name and version.
    var program: String
    /// The processor's name as the system gives it.
    var processor: String
    /// The vector instructions in use.
    var vectorInstructions: String
    /// Threads that the training may use.
    var threads: Int
    /// The device as `--device` names it, and in its own words; nil in runs of versions that knew
    /// one alone.
    var device: String?
    var deviceName: String?
    /// How exactly products are computed; nil in runs of versions that knew one way alone.
    var precision: String?
    /// The version of oneDNN.
    var oneDNN: String
    /// The operating system's name, version and architecture.
    var system: String
    /// The machine's memory.
    var memoryBytes: UInt64
    /// When the training began or went on, as in ISO 8601.
    var started: String

    /// What is so now.
    init(of trainer: Trainer) {
        let device = trainer.device
        let process = ProcessInfo.processInfo
        program = "wgan " + Self.version
        processor = Self.processor
        vectorInstructions = "\(VectorLevel.inUse)"
        threads = device.processorThreads
        (self.device, deviceName) = (device.choice, device.name)
        precision = trainer.setup.precision.rawValue
        oneDNN = CPUDevice.libraryVersion
        system = "\(process.operatingSystemVersionString), \(Self.architecture)"
        memoryBytes = process.physicalMemory
        started = Date().ISO8601Format()
    }

    /// What to say where a run that goes on was made with other vector instructions than those in
    /// use.
    static func notes(resuming run: RunFolder) -> [String] {
        guard let data = try? run.read(path),
            let before = try? JSONDecoder().decode(Self.self, from: data),
            before.vectorInstructions != "\(VectorLevel.inUse)"
        else { return [] }
        return [
            "\(before.vectorInstructions) was used before for vectors, now \(VectorLevel.inUse): "
                + "the bits may differ from those of a training without an interruption"
        ]
    }

    func write(in run: RunFolder) throws {
        try run.write(try JSONEncoder.sorted.encode(self), at: Self.path)
    }

    private static var processor: String {
        let text = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? ""
        let line = text.split(separator: "\n").first { $0.hasPrefix("model name") }
        let name = line?.split(separator: ":").last?.trimmingCharacters(in: .whitespaces)
        let count = ProcessInfo.processInfo.activeProcessorCount
        return "\(name ?? architecture), \(count) \(count == 1 ? "core" : "cores")"
    }

    private static var architecture: String {
        #if arch(x86_64)
            "x86_64"
        #elseif arch(arm64)
            "aarch64"
        #else
            "another architecture"
        #endif
    }
}
