import Foundation
import Testing

@testable import MessagePassing

/// The program `message-passing-rank` under the launchers of MPI.
enum MPI {
    static let installed = MPIImplementation.allCases.filter(isInstalled)
    static let absence: Comment = "no MPI is installed; scripts/setup-mpi installs two"

    /// Whether there is a launcher, and this project's library.
    static func isInstalled(_ implementation: MPIImplementation) -> Bool {
        FileManager.default.isExecutableFile(atPath: launcher(implementation))
            && (try? MPILibrary.opened(implementation)) != nil
    }

    private static func launcher(_ implementation: MPIImplementation) -> String {
        "/usr/bin/mpirun.\(implementation.rawValue)"
    }

    struct Outcome {
        let code: Int32
        /// Lines of all processes, sorted.
        let lines: [String]
        let text: String
        let seconds: Double
    }

    /// Runs the program in several processes.
    ///
    /// - Parameter options: More of the launcher's options.
    static func run(
        _ implementation: MPIImplementation, processes: Int, _ arguments: [String],
        options: [String] = []
    ) throws -> Outcome {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/timeout")
        var command = ["-k", "5", "100", launcher(implementation), "-n", "\(processes)"]
        if implementation == .openMPI { command += ["--allow-run-as-root", "--oversubscribe"] }
        command += options
        process.arguments = command + [program] + arguments
        let pipe = Pipe()
        (process.standardOutput, process.standardError) = (pipe, pipe)
        process.standardInput = FileHandle.nullDevice
        let start = SuspendingClock.now
        try process.run()
        let text = String(
            decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        let seconds = (SuspendingClock.now - start) / Duration.seconds(1)
        return Outcome(
            code: process.terminationStatus,
            lines: text.split(separator: "\n").map(String.init).sorted(), text: text,
            seconds: seconds)
    }

    private static let program: String = {
        let bundle = Bundle.allBundles.first { $0.bundlePath.hasSuffix(".xctest") }
        let folder = bundle?.bundleURL.deletingLastPathComponent() ?? Bundle.main.bundleURL
        return folder.appending(path: "message-passing-rank").path
    }()
}
