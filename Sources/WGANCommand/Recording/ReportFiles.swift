import Files
import Foundation
import Runs

/// Where the files of a report on images go: beside a run, or into it.
struct ReportFiles {
    /// The report's folder in a run's folder.
    private static let folder = "report/"

    private let place: (_ name: String) throws -> URL

    /// Files whose paths begin with `prefix`; where it is nil they are in the folder of `run`.
    init(prefix: String?, in run: RunFolder) {
        place = { name in
            try prefix.map { URL(fileURLWithPath: $0 + name) } ?? run.place(for: Self.folder + name)
        }
    }

    /// Writes a file, whole or not at all.
    func write(_ data: Data, _ name: String) throws {
        try AtomicFile.write(data, to: place(name))
    }

    /// Makes the folder that a prefix leads to, and sees that files can be written there.
    static func prepare(prefix: String?) throws {
        guard let prefix else { return }
        let url = URL(fileURLWithPath: prefix + "metrics_report.out")
        let folder = url.deletingLastPathComponent()
        do {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        } catch {
            throw CommandFailure(
                "the folder \(folder.path) for the report cannot be made; name another by "
                    + "outputs.report.prefix, or by 'out' in an AIDL21-SAGAN file")
        }
        try AtomicFileWriter(to: url).abandon()
    }
}
