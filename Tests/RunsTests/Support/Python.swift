import Foundation
import Testing

/// The Python interpreter, as the other side of the formats.
enum Python {
    static let hasNumpy = has("numpy")
    static let hasSafetensors = hasNumpy && has("safetensors")
    static let hasTensorBoard = has("tensorboard")

    /// Runs a program and returns what it prints.
    static func run(_ program: String, _ arguments: String...) throws -> String {
        let (status, output) = try launch(["-c", program] + arguments)
        try #require(status == 0, "Python failed")
        return output.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    private static func has(_ module: String) -> Bool {
        (try? launch(["-c", "import \(module)"]).status) == 0
    }

    private static func launch(_ arguments: [String]) throws -> (status: Int32, output: String) {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["python3"] + arguments
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = FileHandle.nullDevice
        try process.run()
        let output = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return (process.terminationStatus, String(decoding: output, as: UTF8.self))
    }
}
