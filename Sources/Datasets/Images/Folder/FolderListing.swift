import Files
import Foundation

/// A regular file somewhere in a folder, as it was when the folder was listed.
struct ListedFile {
    /// From the folder on, as the file system has it, which need not be UTF-8.
    let path: [UInt8]
    /// What tells whether the file has changed.
    let stamp: FileStamp

    /// The path for people.
    var name: String { String(decoding: path, as: UTF8.self) }
    /// The subfolder that the file is in, directly or deeper; nil for the folder itself.
    var topFolder: String? {
        path.firstIndex(of: UInt8(ascii: "/")).map { String(decoding: path[..<$0], as: UTF8.self) }
    }
}

/// Length and times of a file.
///
/// The time of the last change of content or status cannot be set by a program, so an edit that
/// restores length and time of modification is noticed all the same.
struct FileStamp: Equatable {
    let size: Int
    /// Seconds and nanoseconds of modification, then of status change.
    let times: [Int]

    init(_ status: stat) {
        size = Int(status.st_size)
        let (modified, changed) = Self.times(status)
        times = [modified.tv_sec, modified.tv_nsec, changed.tv_sec, changed.tv_nsec].map { Int($0) }
    }

    private static func times(_ status: stat) -> (timespec, timespec) {
        #if canImport(Darwin)
            (status.st_mtimespec, status.st_ctimespec)
        #else
            (status.st_mtim, status.st_ctim)
        #endif
    }
}

/// All files in a folder and below it, sorted by the bytes of their paths.
///
/// Hidden files and folders are left out. Links are followed, but no folder is read twice, so that
/// a link to a folder above ends the search there.
struct FolderListing {
    private(set) var files: [ListedFile] = []
    private(set) var skipped: [SkippedFile] = []
    private var visited: Set<[UInt64]> = []
    private var folders: [[UInt8]] = [[]]
    private var linkedFolders: [[UInt8]] = []
    private var linksVisited = 0

    /// - Throws: ``ImageFolderError/unreadable(folder:reason:)`` for the folder itself; what cannot
    ///   be read below it is in ``skipped``.
    init(_ root: String) throws {
        // Folders come before links to folders, so that a file keeps its own path.
        while let folder = folders.popLast() ?? nextLink() {
            do throws(Unreadable) {
                try visit(folder, in: root)
            } catch {
                guard !folder.isEmpty else {
                    throw ImageFolderError.unreadable(folder: root, reason: error.reason)
                }
                skip(folder, error.reason)
            }
        }
        files.sort { $0.path.lexicographicallyPrecedes($1.path) }
        skipped.sort { $0.file.utf8.lexicographicallyPrecedes($1.file.utf8) }
    }

    /// Leaves out what is not in one of these subfolders.
    mutating func keep(topFolders: Set<String>) {
        files.removeAll { file in
            !(file.topFolder.map { topFolders.contains($0) } ?? false)
        }
        skipped.removeAll { item in
            !topFolders.contains(ImageFolderIndex.topFolder(item.file) ?? item.file)
        }
    }

    private mutating func nextLink() -> [UInt8]? {
        guard linksVisited < linkedFolders.count else { return nil }
        linksVisited += 1
        return linkedFolders[linksVisited - 1]
    }

    private struct Unreadable: Error {
        let reason = FileFailure(.read, path: "", code: errno).cause
    }

    private mutating func visit(_ folder: [UInt8], in root: String) throws(Unreadable) {
        guard let stream = opendir(systemPath(root, folder)) else { throw Unreadable() }
        defer { closedir(stream) }
        var status = stat()
        guard fstat(dirfd(stream), &status) == 0 else { throw Unreadable() }
        let identity = [UInt64(status.st_dev), UInt64(status.st_ino)]
        guard visited.insert(identity).inserted else { return }
        for name in Self.names(stream) {
            classify(folder.isEmpty ? name : folder + [UInt8(ascii: "/")] + name, in: root)
        }
    }

    /// The entries that are not hidden; the last comes first, since folders are taken from the end.
    private static func names(_ stream: OpaquePointer) -> [[UInt8]] {
        var names: [[UInt8]] = []
        while let entry = readdir(stream) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { Array($0.prefix { $0 != 0 }) }
            if name.first != UInt8(ascii: ".") { names.append(name) }
        }
        return names.sorted { $1.lexicographicallyPrecedes($0) }
    }

    private mutating func classify(_ path: [UInt8], in root: String) {
        let location = systemPath(root, path)
        var status = stat()
        guard stat(location, &status) == 0 else { return skip(path, Unreadable().reason) }
        switch status.st_mode & S_IFMT {
        case S_IFREG: files.append(ListedFile(path: path, stamp: FileStamp(status)))
        case S_IFDIR:
            var own = stat()
            let isLink = lstat(location, &own) == 0 && own.st_mode & S_IFMT == S_IFLNK
            if isLink { linkedFolders.append(path) } else { folders.append(path) }
        default: skip(path, "it is not a regular file")
        }
    }

    private mutating func skip(_ path: [UInt8], _ reason: String) {
        skipped.append(SkippedFile(file: String(decoding: path, as: UTF8.self), reason: reason))
    }
}

/// A path for calls of the system: the folder, and the bytes of a path in it.
func systemPath(_ root: String, _ path: [UInt8]) -> [CChar] {
    (Array(root.utf8) + [UInt8(ascii: "/")] + path + [0]).map { CChar(bitPattern: $0) }
}
