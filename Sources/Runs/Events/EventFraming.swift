package import Foundation

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
