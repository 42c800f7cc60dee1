import FileTestSupport
package import Foundation
import PythonTestSupport

/// A web server on this machine that misbehaves as asked: unreliable_server.py.
///
/// One serves all tests, and ends with them, since its standard input then does. Each client has a
/// log of its own.
package struct UnreliableServer: Sendable {
    /// What it serves: 50 kB without a pattern.
    package static let content: Data = {
        var state: UInt32 = 1
        return Data(
            (0..<50_000).map { _ in
                state = state &* 1_664_525 &+ 1_013_904_223
                return UInt8(truncatingIfNeeded: state >> 24)
            })
    }()

    /// Whether there is a python3 to serve with.
    package static let isPossible = Python.isThere

    /// The server.
    package static let shared = Result { try UnreliableServer() }

    /// What it serves from.
    package var folder: URL { temporary.url }
    private let temporary: TemporaryFolder
    private let port: Int
    // Held for its end: the server reads from it.
    private let input = Pipe()

    private static let program = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "unreliable_server.py").path

    private init() throws {
        temporary = try TemporaryFolder()
        try Self.content.write(to: temporary.file("data.bin"))
        let output = Pipe()
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = [
            "python3", Self.program, temporary.url.path,
        ]
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        var line = Data()
        while let byte = try output.fileHandleForReading.read(upToCount: 1), byte != Data([10]),
            !byte.isEmpty
        {
            line += byte
        }
        guard let port = Int(String(decoding: line, as: UTF8.self)) else {
            throw CocoaError(.executableLoad)
        }
        self.port = port
    }

    /// The address of a mirror with this conduct.
    package func mirror(_ conduct: String, for client: UUID) -> String {
        "http://127.0.0.1:\(port)/\(client)/\(conduct)"
    }

    /// The range of each request so far for this conduct.
    package func ranges(_ conduct: String, of client: UUID) -> [String] {
        let path = folder.appending(path: "\(client).log").path
        let text = (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
        let requests = text.split(separator: "\n").map { $0.split(separator: " ") }
        let ours = requests.filter { $0[0] == conduct }
        return ours.map { $0.count > 1 ? String($0[1]) : "" }
    }
}
