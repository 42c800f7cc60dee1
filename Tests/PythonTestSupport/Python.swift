import FileTestSupport
import Foundation

/// The Python interpreter, as the other side of the formats.
package enum Python {
    package static let isThere = has("sys")
    package static let hasNumpy = has("numpy")
    package static let hasSafetensors = hasNumpy && has("safetensors")
    package static let hasTorch = hasSafetensors && has("torch")
    package static let hasONNXRuntime = hasNumpy && has("onnxruntime")
    package static let hasTensorBoard = has("tensorboard")
    package static let hasPlaywright = has("playwright.sync_api")
    package static let hasFeatureMeasures = has("torch_fidelity, pytorch_fid, prdc, ot")
    package static let hasImageMeasures = has("piqa, piq")
    package static let hasTransport = has("scipy, torch, ot, geomloss")

    /// A program that ended with an error, and what it said.
    package struct Failure: Error {
        package let message: String
    }

    /// Runs a program and returns what it prints.
    package static func run(_ program: String, _ arguments: String...) throws -> String {
        let (status, output, errors) = try launch(["-c", program] + arguments)
        guard status == 0 else { throw Failure(message: errors) }
        return output.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    private static func has(_ module: String) -> Bool {
        (try? launch(["-c", "import \(module)"]).status) == 0
    }

    private static func launch(
        _ arguments: [String]
    ) throws -> (status: Int32, output: String, errors: String) {
        let folder = try TemporaryFolder()
        defer { withExtendedLifetime(folder) {} }
        let file = folder.file("errors")
        try Data().write(to: file)
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["python3"] + arguments
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = try FileHandle(forWritingTo: file)
        try process.run()
        let output = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        let errors = String(decoding: try Data(contentsOf: file), as: UTF8.self)
        return (process.terminationStatus, String(decoding: output, as: UTF8.self), errors)
    }
}
