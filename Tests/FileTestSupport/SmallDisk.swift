package import Foundation
import Testing

/// A file system of a few megabytes in memory, to fill up.
package enum SmallDisk {
    /// Passes on a folder of such a file system, where one may be mounted; else ends the test with
    /// a reason.
    package static func withFolder(bytes: Int, _ body: (URL) throws -> Void) throws {
        let folder = try TemporaryFolder()
        let options = "size=\(bytes)"
        guard mount("tmpfs", folder.url.path, "tmpfs", 0, options) == 0 else {
            let reason = String(cString: strerror(errno))
            try Test.cancel("a small file system cannot be mounted here: \(reason)")
        }
        defer { umount2(folder.url.path, Int32(MNT_DETACH)) }
        try body(folder.url)
    }
}
