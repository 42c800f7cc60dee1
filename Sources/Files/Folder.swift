import Foundation

/// Folders of the file system.
package enum Folder {
    /// Makes a folder that was not there.
    ///
    /// - Returns: False when the name is already taken, by whatever it may be. Of several processes
    ///   that ask at once, one alone gets true.
    /// - Throws: ``FileFailure``.
    package static func makeNew(_ path: String) throws -> Bool {
        if mkdir(path, 0o777) == 0 { return true }
        guard errno == EEXIST else { throw FileFailure(.createFolder, path: path, code: errno) }
        return false
    }

    /// Makes a folder and those above it, where they are missing.
    ///
    /// - Throws: ``FileFailure``.
    package static func make(_ path: String) throws {
        if mkdir(path, 0o777) == 0 { return }
        let code = errno
        let parent = (path as NSString).deletingLastPathComponent
        switch code {
        case EEXIST where isFolder(path):
            return
        case EEXIST:
            throw FileFailure(.createFolder, path: path, reason: .notAFolder)
        case ENOENT where parent != path && !parent.isEmpty:
            try make(parent)
            guard try makeNew(path) || isFolder(path) else {
                throw FileFailure(.createFolder, path: path, reason: .notAFolder)
            }
        default:
            throw FileFailure(.createFolder, path: path, code: code)
        }
    }

    /// Whether there is a folder, or a link to one.
    ///
    /// - Parameter throughLinks: Whether a link counts.
    package static func isFolder(_ path: String, throughLinks: Bool = true) -> Bool {
        var status = stat()
        let code = throughLinks ? stat(path, &status) : lstat(path, &status)
        return code == 0 && status.st_mode & S_IFMT == S_IFDIR
    }

    /// The names of what a folder holds, in no order.
    ///
    /// - Throws: ``FileFailure`` when it cannot be listed.
    package static func names(in path: String) throws -> [String] {
        guard let stream = opendir(path) else { throw FileFailure(.read, path: path, code: errno) }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != "." && name != ".." { names.append(name) }
        }
        return names
    }

    /// Creates and removes a file, since permission bits alone do not tell (read-only file systems,
    /// access lists, the superuser).
    ///
    /// - Throws: ``FileFailure`` when the folder cannot be written to.
    package static func checkWritable(_ path: String) throws {
        let probe = (path as NSString).appendingPathComponent(".\(UUID().uuidString).probe")
        let descriptor = open(probe, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
        guard descriptor >= 0 else { throw FileFailure(.write, path: path, code: errno) }
        close(descriptor)
        unlink(probe)
    }

    /// Waits until the disk holds the names of a file's folder.
    ///
    /// - Returns: 0, or the `errno` code. A folder that may be written but not read cannot be
    ///   flushed, which counts as success.
    package static func flush(folderOf path: String, _ calls: FileCalls = FileCalls()) -> Int32 {
        let folder = (path as NSString).deletingLastPathComponent
        let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { return 0 }
        defer { close(descriptor) }
        return calls.flushAll(descriptor)
    }
}
