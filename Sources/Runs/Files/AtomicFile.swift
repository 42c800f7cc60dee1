public import Foundation

/// Whole files that are either completely written or not at all.
public enum AtomicFile {
    /// Writes a file, replacing an earlier one only when the new one is complete and durable.
    ///
    /// - Parameters:
    ///   - data: The whole content.
    ///   - url: Where the file is to appear; its folder must exist.
    /// - Throws: ``FileFailure``; an earlier file is then intact and nothing is left behind.
    public static func write(_ data: some ContiguousBytes, to url: URL) throws {
        try write(data, to: url, calls: FileCalls())
    }

    static func write(_ data: some ContiguousBytes, to url: URL, calls: FileCalls) throws {
        let writer = try AtomicFileWriter(to: url, calls: calls)
        try writer.append(data)
        try writer.commit()
    }
}
