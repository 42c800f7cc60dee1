import Foundation
import Synchronization

/// The unfinished files of this process, which its end is to take along.
package enum TemporaryFiles {
    private static let paths = Mutex<Set<String>>([])

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

    /// Announces a file that is about to be made.
    static func add(_ path: String) { paths.withLock { _ = $0.insert(path) } }

    /// Forgets a file that has got its name.
    static func forget(_ path: String) { paths.withLock { _ = $0.remove(path) } }

    /// Removes a file that is given up.
    static func remove(_ path: String) {
        unlink(path)
        forget(path)
    }
}
