package import Foundation

/// Bytes that can be read at any place: a file, or data in memory.
///
/// Files are read rather than mapped: a mapped file that another process shortens ends the reader.
package enum ByteSource: Sendable {
    case memory(Data)
    case file(ReadableFile)

    /// The number of bytes.
    package var count: Int {
        switch self {
        case .memory(let data): data.count
        case .file(let file): file.count
        }
    }

    /// What errors call the source.
    package var path: String? {
        switch self {
        case .memory: nil
        case .file(let file): file.path
        }
    }

    /// Reads exactly `count` bytes, which must lie within the source.
    ///
    /// - Throws: `FileFailure` when the file cannot be read or was shortened meanwhile.
    package func read(at offset: Int, count: Int) throws -> [UInt8] {
        switch self {
        case .memory(let data):
            let start = data.startIndex + offset
            return [UInt8](data[start..<start + count])
        case .file(let file):
            return try file.read(at: offset, count: count)
        }
    }
}
