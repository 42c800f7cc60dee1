import Foundation

/// Where a file is to be written, with symbolic links resolved.
struct WritablePlace {
    /// The file to replace or create, or the device to write to.
    let path: String
    /// Whether the file can be replaced by a rename; false for devices, pipes and sockets.
    let isReplaceable: Bool

    init(path: String) throws {
        var status = stat()
        guard stat(path, &status) == 0 else {
            guard errno == ENOENT else { throw FileFailure(.write, path: path, code: errno) }
            self.path = path
            self.isReplaceable = true
            return
        }
        switch status.st_mode & S_IFMT {
        case S_IFDIR:
            throw FileFailure(.write, path: path, reason: .isAFolder)
        case S_IFREG:
            guard let resolved = realpath(path, nil) else {
                throw FileFailure(.write, path: path, code: errno)
            }
            defer { free(resolved) }
            self.path = String(cString: resolved)
            self.isReplaceable = true
        default:
            self.path = path
            self.isReplaceable = false
        }
    }

    /// An unused name in the same folder, hidden, so that a rename stays on one file system.
    func temporaryName() -> String {
        let folder = (path as NSString).deletingLastPathComponent
        return (folder as NSString).appendingPathComponent(".\(UUID().uuidString).partial")
    }
}
