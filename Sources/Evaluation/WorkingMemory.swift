import Foundation

/// Memory that a measure may take, so that what does not fit is known before it begins.
public struct WorkingMemory: Sendable, Equatable {
    /// How much there is.
    public let bytes: Int

    /// So many bytes.
    public init(bytes: Int) { self.bytes = max(0, bytes) }

    /// Four fifths of what this process can still get, of the machine and of the limits set to it.
    public static var available: WorkingMemory {
        let least = [machine, group, addresses].compactMap { $0 }.min()
        let all = Int(clamping: ProcessInfo.processInfo.physicalMemory)
        return WorkingMemory(bytes: (least ?? all / 2) / 5 * 4)
    }

    /// Refuses what needs more than there is.
    ///
    /// - Parameters:
    ///   - needed: In bytes.
    ///   - work: What needs them: a noun.
    ///   - remedy: What would fit: a clause such as "give at most 100 samples".
    /// - Throws: ``SampleError/tooLittleMemory(work:needed:available:remedy:)``.
    func require(_ needed: Int, for work: String, remedy: @autoclosure () -> String) throws {
        guard needed > bytes else { return }
        throw SampleError.tooLittleMemory(
            work: work, needed: needed, available: bytes, remedy: remedy())
    }

    /// The largest count whose bytes fit, from 0; the bytes grow with the count.
    package func largest(_ most: Int, _ bytes: (Int) -> Int) -> Int {
        var (low, high) = (0, most)
        while low < high {
            let middle = (low + high + 1) / 2
            if bytes(middle) <= self.bytes { low = middle } else { high = middle - 1 }
        }
        return low
    }
}

extension WorkingMemory {
    /// What the system has left without moving anything to a disk.
    private static var machine: Int? {
        let lines = text("/proc/meminfo").split(separator: "\n")
        let line = lines.first { $0.hasPrefix("MemAvailable:") }
        return line?.split(separator: " ").dropFirst().first.flatMap { Int($0) }.map { $0 << 10 }
    }

    /// What the control group of a container or a service has left; nil where it has no limit.
    private static var group: Int? {
        let root = "/sys/fs/cgroup/"
        let places = [
            ("memory.max", "memory.current", "memory.stat"),
            (
                "memory/memory.limit_in_bytes", "memory/memory.usage_in_bytes",
                "memory/memory.stat"
            ),
        ]
        for (limit, usage, statistics) in places {
            guard let most = number(root + limit), let used = number(root + usage) else { continue }
            // Files that nobody reads at present are given up when memory is short.
            let files = text(root + statistics).split(separator: "\n")
                .first { $0.hasPrefix("inactive_file ") }
            let spare = files?.split(separator: " ").last.flatMap { Int($0) } ?? 0
            return max(0, most - used + spare)
        }
        return nil
    }

    /// What is left of the address space, where that is limited.
    private static var addresses: Int? {
        var limit = rlimit()
        guard getrlimit(.init(RLIMIT_AS.rawValue), &limit) == 0, limit.rlim_cur < 1 << 60 else {
            return nil
        }
        let pages = text("/proc/self/statm").split(separator: " ").first.flatMap { Int($0) } ?? 0
        return max(0, Int(clamping: limit.rlim_cur) - pages * Int(sysconf(Int32(_SC_PAGESIZE))))
    }

    private static func number(_ path: String) -> Int? {
        Int(text(path).trimmingCharacters(in: .whitespacesAndNewlines))
    }

    private static func text(_ path: String) -> String {
        (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
    }
}

extension Int {
    /// Bytes in a unit that people read: "1.6 GiB".
    package var asBytes: String {
        let (gibi, mebi) = (Double(self) / 0x1p30, Double(self) / 0x1p20)
        return self >= 1 << 30
            ? String(format: "%.1f GiB", gibi) : String(format: "%.0f MiB", mebi.rounded(.up))
    }
}
