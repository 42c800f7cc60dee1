import Files
package import Foundation

/// A file that grows by whole records.
final class EventFile: Sendable {
    let path: String
    private let descriptor: Int32
    private let calls: FileCalls

    /// Makes a file of a name that TensorBoard finds.
    ///
    /// - Throws: `FileFailure`.
    init(in folder: URL, calls: FileCalls = FileCalls()) throws {
        self.calls = calls
        // Readers take the files in the order of their names.
        let seconds = String(format: "%010d", Int(Date().timeIntervalSince1970))
        let process = ProcessInfo.processInfo
        let stem = "events.out.tfevents.\(seconds).\(process.hostName).\(process.processIdentifier)"
        var number = 0
        while true {
            let path = folder.appendingPathComponent("\(stem).\(number)").path
            let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC, 0o666)
            if descriptor >= 0 {
                (self.path, self.descriptor) = (path, descriptor)
                return
            }
            guard errno == EEXIST else { throw FileFailure(.write, path: path, code: errno) }
            number += 1
        }
    }

    deinit { close(descriptor) }

    /// Adds records at the end, or nothing: a file that ends within a record would be refused.
    ///
    /// - Throws: `FileFailure`.
    func append(_ records: Data) throws {
        let end = lseek(descriptor, 0, SEEK_END)
        let code = records.withUnsafeBytes { calls.putAll($0, to: descriptor) }
        guard code != 0 else { return }
        _ = ftruncate(descriptor, end)
        throw FileFailure(.write, path: path, code: code)
    }

    /// Waits until the disk holds the file.
    ///
    /// - Throws: `FileFailure`.
    func flush() throws {
        let code = calls.flushAll(descriptor)
        if code != 0 { throw FileFailure(.write, path: path, code: code) }
    }
}

/// The records of which an event file is made: length, check of the length, message, check of that.
///
/// Source: "TFRecords format details" in the TensorFlow guide.
package enum EventFraming {
    /// A record around a message.
    package static func record(_ message: Data) -> Data {
        let length = withUnsafeBytes(of: UInt64(message.count).littleEndian) { Array($0) }
        var record = Data(length)
        append(CRC32C(length).masked, to: &record)
        record.append(message)
        append(message.withUnsafeBytes { CRC32C($0) }.masked, to: &record)
        return record
    }

    private static func append(_ check: UInt32, to record: inout Data) {
        withUnsafeBytes(of: check.littleEndian) { record.append(contentsOf: $0) }
    }
}
