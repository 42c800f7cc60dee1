import Dispatch
import Files
import Foundation
import Synchronization

/// The files that a training's data is read from.
public struct DataFiles: Sendable {
    /// The folder that all of them are in, directly or deeper.
    public let folder: String
    /// The path of each from the folder on, as the file system has it, sorted.
    private let paths: [[UInt8]]

    /// How many files there are.
    public var count: Int { paths.count }

    /// Files by their paths; their folder is the deepest one that holds all.
    ///
    /// - Parameter files: At least one.
    package init(_ files: [String]) {
        let parts = files.map { $0.split(separator: "/", omittingEmptySubsequences: false) }
        let shortest = (parts.map(\.count).min() ?? 1) - 1
        let shared = (0..<shortest).prefix { depth in
            parts.allSatisfy { $0[depth] == parts[0][depth] }
        }.count
        let root = parts.first?.prefix(shared).joined(separator: "/") ?? ""
        folder = root.isEmpty ? (files.first?.hasPrefix("/") == true ? "/" : ".") : root
        paths = Set(parts.map { $0.dropFirst(shared).joined(separator: "/") })
            .map { Array($0.utf8) }.sorted { $0.lexicographicallyPrecedes($1) }
    }

    /// All files in a folder and below it that are not hidden, whether images or not.
    ///
    /// - Parameters:
    ///   - folder: The path of the folder.
    ///   - classes: The subfolders whose files count; all, and the folder itself, where nil.
    /// - Throws: ``ImageFolderError`` when the folder cannot be read.
    public init(in folder: String, classes: [String]? = nil) throws {
        var listing = try FolderListing(folder)
        if let classes { listing.keep(topFolders: Set(classes)) }
        self.folder = folder
        paths = listing.files.map(\.path)
    }

    /// Reads every byte, by as many threads as there are processors.
    ///
    /// A file that cannot be read is left out of trainings with a note, and has a sum of its own
    /// here.
    ///
    /// - Parameter progress: Told how many files are done, by any thread.
    public func fingerprint(
        progress: @Sendable (_ done: Int) -> Void = { _ in }
    ) -> DataFingerprint {
        let done = Atomic(0)
        var sums = [String](repeating: DataFingerprint.unreadable, count: paths.count)
        sums.withUnsafeMutableBufferPointer { sums in
            nonisolated(unsafe) let room = sums
            DispatchQueue.concurrentPerform(iterations: paths.count) { index in
                if let sum = sum(of: paths[index]) { room[index] = sum }
                progress(done.add(1, ordering: .relaxed).newValue)
            }
        }
        return DataFingerprint(
            folder: folder,
            files: zip(paths, sums).map { DataFingerprint.File(path: $0, sum: $1) })
    }

    private func sum(of path: [UInt8]) -> String? {
        var sum = XXH64()
        do throws(FileFailure) {
            let file = try ReadableFile(systemPath: systemPath(folder, path), path: folder)
            try file.forEachPiece { sum.add($0) }
        } catch { return nil }
        return sum.digits
    }
}
