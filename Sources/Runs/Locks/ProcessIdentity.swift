import Files
import Foundation

/// What tells a process from all others, of this machine and of other ones, at any time.
public struct ProcessIdentity: Codable, Equatable, Sendable {
    /// The process's number, which is used again after its end.
    package let number: Int32
    /// When it began, in clock ticks since the machine began; nil where that is not known.
    let start: UInt64?
    /// Which start of the machine it belongs to; nil where that is not known.
    let boot: String?
    /// The machine's name.
    package let host: String
    /// How it was called.
    package let command: String
    /// When it took the lock, in seconds since 1970.
    let time: Double

    /// This process, now.
    static func current() -> ProcessIdentity {
        let process = ProcessInfo.processInfo
        let words = process.arguments.enumerated().map { index, word in
            index == 0 ? (word as NSString).lastPathComponent : word
        }
        return ProcessIdentity(
            number: process.processIdentifier, start: startTime(of: process.processIdentifier),
            boot: bootIdentifier, host: process.hostName,
            command: String(words.joined(separator: " ").prefix(200)),
            time: Date().timeIntervalSince1970)
    }

    /// Whether the process still runs; nil when it ran on another machine.
    var isRunning: Bool? {
        guard host == ProcessInfo.processInfo.hostName else { return nil }
        // After a restart of the machine, and after its end, the number may be another process's.
        if let boot, let present = Self.bootIdentifier, boot != present { return false }
        guard number > 0, kill(number, 0) == 0 || errno == EPERM else { return false }
        guard let start, let present = Self.startTime(of: number) else { return true }
        return start == present
    }

    private static var bootIdentifier: String? {
        let path = "/proc/sys/kernel/random/boot_id"
        let text = try? String(contentsOfFile: path, encoding: .utf8)
        return text?.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    /// When a process was started, in clock ticks after the system was; nil where nobody says.
    ///
    /// Source: proc_pid_stat(5), field 22.
    package static func startTime(of number: Int32) -> UInt64? {
        guard let text = try? String(contentsOfFile: "/proc/\(number)/stat", encoding: .utf8),
            // The second field, the name in parentheses, may hold spaces and parentheses itself.
            let end = text.lastIndex(of: ")")
        else { return nil }
        let fields = text[text.index(after: end)...].split(separator: " ")
        return fields.count > 19 ? UInt64(fields[19]) : nil
    }
}

extension ProcessIdentity: CustomStringConvertible {
    /// Such as "process 4711 on host, 'wgan train mnist', since 2026-01-31 12:00:00 +0000".
    public var description: String {
        // A date beyond all calendars could come from a damaged file.
        let since = abs(time) < 1e11 ? ", since \(Date(timeIntervalSince1970: time.rounded()))" : ""
        return "process \(number) on \(host.quoted), \(command.quoted)\(since)"
    }
}
