import Foundation
import Testing

/// The most memory that this process has held so far, in bytes.
///
/// Not `getrusage`, whose answer can be that of the process that started this one.
package func peakMemory() throws -> Int {
    try #require(peakMemory(ofEntry: "self"), "/proc/self/status does not say it")
}

/// The same of another process; nil where that has ended.
package func peakMemory(of process: Int32) -> Int? { peakMemory(ofEntry: "\(process)") }

private func peakMemory(ofEntry entry: String) -> Int? {
    let status = try? String(contentsOfFile: "/proc/\(entry)/status", encoding: .utf8)
    let line = status?.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
    return line.flatMap { Int($0.filter(\.isNumber)) }.map { 1024 * $0 }
}
