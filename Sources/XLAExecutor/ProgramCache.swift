import Files
import Foundation

/// Compiled programs in files: XLA takes seconds for what is then read in milliseconds.
///
/// A file holds its whole key and a checksum of all: one that is damaged, or is about another
/// program, counts as absent. So does whatever cannot be read or written, since a cache must never
/// end a training.
package struct ProgramCache: Sendable {
    /// Programs that are kept; those that were not used for longest go first.
    static let capacity = 200

    private let folder: String

    /// The user's cache of programs.
    package init() { self.init(in: cacheFolder("programs")) }

    /// A cache in a folder, which is made when it is needed.
    package init(in folder: String) { self.folder = folder }

    /// The bytes that were kept for a key, or nil.
    func value(for key: [UInt8]) -> [UInt8]? {
        let path = path(for: key)
        guard let bytes = try? ReadableFile(path).bytes() else { return nil }
        let head = head(of: key)
        guard bytes.count >= head.count + 4, bytes.prefix(head.count).elementsEqual(head) else {
            return nil
        }
        let content = bytes[..<(bytes.count - 4)]
        guard bytes.suffix(4).elementsEqual(Self.checksum(of: content)) else { return nil }
        // The time of the last use.
        utimensat(AT_FDCWD, path, nil, 0)
        return Array(content.dropFirst(head.count))
    }

    /// Keeps bytes for a key.
    func keep(_ value: some Collection<UInt8>, for key: [UInt8]) {
        var bytes = head(of: key)
        bytes.append(contentsOf: value)
        bytes += Self.checksum(of: bytes[...])
        guard (try? Folder.make(folder)) != nil,
            (try? AtomicFile.write(bytes, to: URL(fileURLWithPath: path(for: key)))) != nil
        else { return }
        removeOldest()
    }

    private func path(for key: [UInt8]) -> String {
        folder + "/" + hexadecimal(key.withUnsafeBytes { CRC32.of($0) })
    }

    /// What a file begins with: the form's name and the key with its length.
    private func head(of key: [UInt8]) -> [UInt8] {
        Array("wgan program 1\n\(key.count)\n".utf8) + key
    }

    private static func checksum(of bytes: ArraySlice<UInt8>) -> [UInt8] {
        let sum = bytes.withUnsafeBytes { CRC32.of($0) }
        return withUnsafeBytes(of: sum.littleEndian) { Array($0) }
    }

    private func removeOldest() {
        let keys: [URLResourceKey] = [.contentModificationDateKey]
        let files = try? FileManager.default.contentsOfDirectory(
            at: URL(fileURLWithPath: folder), includingPropertiesForKeys: keys)
        guard let files, files.count > Self.capacity else { return }
        let ages = files.map { url in
            (try? url.resourceValues(forKeys: Set(keys)))?.contentModificationDate ?? .distantPast
        }
        for (url, _) in zip(files, ages).sorted(by: { $0.1 < $1.1 }).dropLast(Self.capacity) {
            try? FileManager.default.removeItem(at: url)
        }
    }
}
