import Foundation
import SwiftProtobuf

/// Something for TensorBoard to show, as it waits to be written.
struct EventRecord: Sendable {
    enum Content: Sendable {
        case scalars([(name: String, value: Double)])
        case image(tag: String, PNGImage)
        case histogram(tag: String, [Float])
        /// What earlier files say of this step and later ones is void.
        case start
        /// The first event of every file.
        case version
    }

    let step: Int
    /// Seconds since 1970.
    let time: Double
    let content: Content

    /// About as many bytes as the record takes in memory.
    var weight: Int {
        switch content {
        case .scalars(let values): 100 + 40 * values.count
        case .image(_, let image): 100 + image.bytes.count
        case .histogram(_, let values): 100 + 4 * values.count
        case .start, .version: 100
        }
    }

    /// The record as TensorBoard reads it.
    func encoded() throws -> Data { EventFraming.record(try message.serializedBytes()) }

    private var message: TensorBoardEvent {
        var event = TensorBoardEvent()
        event.wallTime = time
        event.step = Int64(step)
        switch content {
        case .scalars(let values):
            event.summary.value = values.map { name, value in
                .with {
                    $0.tag = name
                    $0.simpleValue = Float(value)
                }
            }
        case .image(let tag, let image):
            event.summary.value = [
                .with {
                    $0.tag = tag
                    $0.image = image.message
                }
            ]
        case .histogram(let tag, let values):
            event.summary.value = [
                .with {
                    $0.tag = tag
                    $0.histo = Histogram(of: values).message
                }
            ]
        case .start: event.sessionLog.status = .start
        case .version: event.fileVersion = EventReader.version
        }
        return event
    }
}

/// The cyclic redundancy check of event files and checkpoints: it tells damaged bytes from intact
/// ones, not forged ones.
///
/// Source: Castagnoli et al. 1993; RFC 3720, section 12.1 and test vectors in B.4. Eight bytes a
/// turn: Kounavis and Berry 2005.
package struct CRC32C: Sendable {
    private var register = ~UInt32(0)

    /// The check of nothing yet.
    package init() {}

    package init(_ bytes: UnsafeRawBufferPointer) {
        update(bytes)
    }

    package init(_ bytes: [UInt8]) {
        bytes.withUnsafeBytes { update($0) }
    }

    /// The check of all bytes so far.
    package var value: UInt32 { ~register }

    /// The check as event files store it: a check over bytes that contain checks would be weak.
    ///
    /// Source: tensorflow/core/lib/hash/crc32c.h.
    var masked: UInt32 { (value >> 15 | value << 17) &+ 0xA282_EAD8 }

    /// Adds bytes at the end.
    package mutating func update(_ bytes: UnsafeRawBufferPointer) {
        var crc = register
        Self.tables.withUnsafeBufferPointer { tables in
            // UInt64 holds eight bytes, the first one lowest; each has a table of its own.
            let words = bytes.count / 8
            for word in 0..<words {
                let loaded = bytes.loadUnaligned(fromByteOffset: 8 * word, as: UInt64.self)
                var rest = UInt64(littleEndian: loaded) ^ UInt64(crc)
                crc = 0
                for table in stride(from: 7 * 256, through: 0, by: -256) {
                    crc ^= tables[table + Int(rest & 255)]
                    rest >>= 8
                }
            }
            for byte in bytes[(8 * words)...] {
                crc = crc >> 8 ^ tables[Int((crc ^ UInt32(byte)) & 255)]
            }
        }
        register = crc
    }

    /// Eight tables of 256: the check of a byte that 0 to 7 zero bytes follow.
    private static let tables: [UInt32] = {
        var tables = (0..<256).map { byte in
            (0..<8).reduce(UInt32(byte)) { crc, _ in crc >> 1 ^ (crc & 1 == 0 ? 0 : 0x82F6_3B78) }
        }
        for index in 256..<2048 {
            let shorter = tables[index - 256]
            tables.append(shorter >> 8 ^ tables[Int(shorter & 255)])
        }
        return tables
    }()
}
