import CZlib

/// The checksum of gzip and PNG, by zlib: against damage, not against malice.
package struct CRC32 {
    /// The checksum of what was added.
    package private(set) var value: UInt32 = 0

    package init() {}

    /// Adds bytes at the end.
    package mutating func add(_ bytes: UnsafeRawBufferPointer) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let piece = UnsafeRawBufferPointer(rebasing: rest.prefix(1 << 30))
            value = UInt32(
                crc32(
                    UInt(value), piece.bindMemory(to: UInt8.self).baseAddress, UInt32(piece.count)))
            rest = rest.dropFirst(piece.count)
        }
    }

    /// The checksum of bytes in one piece.
    package static func of(_ bytes: UnsafeRawBufferPointer) -> UInt32 {
        var sum = CRC32()
        sum.add(bytes)
        return sum.value
    }
}
