import Files
package import Foundation
import SwiftProtobuf

/// Reads an event file, event by event, and checks it as it goes.
///
/// A file that is still being written may end within a record: what was read until then is good.
package struct EventReader: Sendable {
    /// What the first event of a file says.
    static let version = "brain.Event:2"
    /// The most bytes a record may have.
    static let largestRecord = 16 << 20

    private let source: ByteSource
    private var position = 0

    /// - Throws: `FileFailure` when the file cannot be read.
    init(contentsOf url: URL) throws {
        source = .file(try ReadableFile(url))
    }

    init(data: Data) {
        source = .memory(data)
    }

    /// How many events the data of a file hold, all of them read and checked.
    ///
    /// - Throws: ``EventFailure/damaged(path:position:reason:)``.
    package static func count(in data: Data) throws -> Int {
        var reader = EventReader(data: data)
        var count = 0
        while try reader.next() != nil { count += 1 }
        return count
    }

    /// Reads an event, or nil at the end.
    ///
    /// - Throws: ``EventFailure/damaged(path:position:reason:)``; `FileFailure`.
    mutating func next() throws -> TensorBoardEvent? {
        guard position < source.count else { return nil }
        let head = try read(at: position, 12)
        guard CRC32C(Array(head[..<8])).masked == number(head[8...]) else {
            throw damaged(.lengthCheck)
        }
        let length = number(head[..<8])
        guard length <= UInt64(Self.largestRecord) else { throw damaged(.length) }
        let body = try read(at: position + 12, Int(length) + 4)
        let message = Array(body[..<Int(length)])
        guard CRC32C(message).masked == number(body[Int(length)...]) else {
            throw damaged(.messageCheck)
        }
        var options = BinaryDecodingOptions()
        options.discardUnknownFields = true
        guard let event = try? TensorBoardEvent(serializedBytes: message, options: options) else {
            throw damaged(.message)
        }
        if position == 0 && event.what != .fileVersion(Self.version) { throw damaged(.version) }
        position += 16 + Int(length)
        return event
    }

    private func read(at place: Int, _ count: Int) throws -> [UInt8] {
        guard count <= source.count - place else { throw damaged(.truncated) }
        return try source.read(at: place, count: count)
    }

    private func number(_ bytes: ArraySlice<UInt8>) -> UInt64 {
        bytes.reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }

    private func damaged(_ reason: EventFailure.Reason) -> EventFailure {
        .damaged(path: source.path, position: position, reason: reason)
    }
}

/// An event that cannot be written, or an event file that is not in order.
package enum EventFailure: Error, Equatable, Sendable {
    /// What is wrong with a file.
    package enum Reason: String, Equatable, Sendable {
        case truncated = "it ends within a record"
        case lengthCheck = "the check of a record's length is wrong"
        case length = "a record claims more than 16 MB"
        case messageCheck = "the check of a record's content is wrong"
        case message = "a record holds no event"
        case version = "it does not begin with the version brain.Event:2"
    }

    /// A file is not in order from the record at a byte on; nil for data in memory.
    case damaged(path: String?, position: Int, reason: Reason)
    /// Bytes that should be a picture are no PNG file, or more than 16 MB.
    case notAPicture(tag: String)
}

extension EventFailure: CustomStringConvertible {
    /// One sentence: what is wrong, where, and what to do.
    package var description: String {
        switch self {
        case .damaged(let path, let position, let reason):
            "Cannot use \(path?.quoted ?? "the data") as TensorBoard events from byte \(position) "
                + "on: \(reason.rawValue); wait for its writer, or do without what follows."
        case .notAPicture(let tag):
            "The picture \(tag.quoted) is not a PNG file of at most 16 MB; encode it as one."
        }
    }
}

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
