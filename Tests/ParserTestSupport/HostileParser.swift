import ArrayFiles
import Datasets
package import Foundation
import Runs
import StrictYAML
import WGAN

/// A reader of files that others may have made, to be fed with anything.
package enum HostileParser: String, CaseIterable, Sendable {
    case configuration, csv, events, idx, npy, npz, pyTorch, safetensors
    /// The message of a record of an event file, with the right checks around it.
    case eventMessage

    /// Reads data to the last byte.
    ///
    /// - Returns: Whether they are a valid file.
    /// - Throws: An error that is none of the reader's own, which is a fault.
    package func accepts(_ data: Data) throws -> Bool {
        do {
            try read(data)
            return true
        } catch is FormatFailure, is EventFailure, is CSVFailure,
            is ConfigurationError
        {
            return false
        }
    }

    private func read(_ data: Data) throws {
        switch self {
        case .configuration:
            try Self.withFile(of: data) {
                let document = try TrainingConfiguration.document(presetOrFile: $0.path)
                _ = try TrainingConfiguration(document).resolvedYAML
            }
        case .csv: try Self.withFile(of: data) { _ = try CSVTable(contentsOf: $0) }
        case .events: _ = try EventReader.count(in: data)
        case .eventMessage:
            let version = Data([0x1A, 13]) + Data("brain.Event:2".utf8)
            _ = try EventReader.count(
                in: EventFraming.record(version) + EventFraming.record(data))
        case .idx: try Self.withFile(of: data) { _ = try IDXFile(contentsOf: $0.path) }
        case .npy: _ = try NumpyFile(data: data).values(as: Double.self)
        case .npz:
            let archive = try NumpyArchive(data: data)
            for name in archive.names { _ = try archive.array(named: name).values() }
        case .pyTorch:
            let file = try PyTorchArchive(data: data)
            for name in file.tensorNames { _ = try file.values(of: name, as: Double.self) }
        case .safetensors:
            let file = try SafetensorsFile(data: data)
            for name in file.tensorNames {
                _ = try file.bytes(of: name)
                // Not every type of elements is read as numbers.
                do { _ = try file.values(of: name, as: Double.self) } catch is FormatFailure {}
            }
        }
    }

    /// Passes on a file for the readers that take no bytes in memory.
    private static func withFile(of data: Data, _ body: (URL) throws -> Void) throws {
        let ending = "\(ProcessInfo.processInfo.processIdentifier)-\(Thread.current.hash)"
        let url = folder.appendingPathComponent("hostile-\(ending).yaml")
        try data.write(to: url)
        defer { unlink(url.path) }
        try body(url)
    }

    /// In memory where the system has such a folder: millions of files are written.
    private static let folder: URL = {
        let memory = URL(fileURLWithPath: "/dev/shm", isDirectory: true)
        let isThere = FileManager.default.isWritableFile(atPath: memory.path)
        return isThere ? memory : FileManager.default.temporaryDirectory
    }()
}
