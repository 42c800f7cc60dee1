import Foundation
import Synchronization

/// The unfinished files of this process, which its end is to take along.
package enum TemporaryFiles {
    private static let paths = Mutex<Set<String>>([])
    private static let suffix = ".partial"

    /// Ends the process at once, without unfinished files being left behind.
    ///
    /// - Parameter code: The exit code.
    package static func endProcess(_ code: Int32) -> Never {
        // The lock is kept, so that no other thread begins a file meanwhile.
        paths.withLock { paths in
            for path in paths { unlink(path) }
            _exit(code)
        }
    }

    /// Removes the unfinished files in a folder whose writers are no more.
    ///
    /// A writer locks its file as long as it lives. One that was made this instant and is not yet
    /// locked may go too: its writer then fails to rename it, and says so.
    package static func removeLeftovers(in folder: String) {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        for name in names where isName(name) {
            let leftover = "\(folder)/\(name)"
            let descriptor = open(leftover, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
            guard descriptor >= 0 else { continue }
            if FileCalls.takeLock(descriptor) == 0 { unlink(leftover) }
            close(descriptor)
        }
    }

    /// An unused name in the folder of a file, hidden.
    static func name(beside path: String) -> String {
        let folder = (path as NSString).deletingLastPathComponent
        return (folder as NSString).appendingPathComponent(".\(UUID().uuidString)\(suffix)")
    }

    /// Whether a name is that of an unfinished file.
    package static func isName(_ name: String) -> Bool {
        name.hasPrefix(".") && name.hasSuffix(suffix)
            && UUID(uuidString: String(name.dropFirst().dropLast(suffix.count))) != nil
    }

    /// Announces a file that is about to be made.
    package static func add(_ path: String) { paths.withLock { _ = $0.insert(path) } }

    /// Forgets a file that has got its name.
    static func forget(_ path: String) { paths.withLock { _ = $0.remove(path) } }

    /// Removes a file that is given up.
    package static func remove(_ path: String) {
        unlink(path)
        forget(path)
    }
}
