import Testing

@testable import Runs

@Suite("Checks of bytes")
struct CRC32CTests {
    static let published: [([UInt8], UInt32)] = [
        ([], 0),
        ([UInt8](repeating: 0, count: 32), 0x8A91_36AA),
        ([UInt8](repeating: 255, count: 32), 0x62A8_AB43),
        (Array(0..<32), 0x46DD_794E),
        ((0..<32).reversed(), 0x113F_DB5C),
        (Array("123456789".utf8), 0xE306_9283),
        (
            [0x01, 0xC0, 0, 0] + [UInt8](repeating: 0, count: 12) + [
                0x14, 0, 0, 0, 0, 0, 0x04, 0, 0, 0, 0, 0x14, 0, 0, 0, 0x18, 0x28, 0, 0, 0, 0, 0, 0,
                0, 0x02, 0, 0, 0, 0, 0, 0, 0,
            ], 0xD996_3A56
        ),
    ]

    @Test("The published values are met", arguments: published)
    func publishedValues(_ bytes: [UInt8], _ check: UInt32) {
        #expect(CRC32C(bytes).value == check)
    }

    @Test("The mask is that of event files")
    func mask() {
        // As TensorBoard 2.21 computes it, the first being how many of its files begin.
        #expect(CRC32C([24, 0, 0, 0, 0, 0, 0, 0]).masked == 0x224B_7FA3)
        #expect(CRC32C(Array("123456789".utf8)).masked == 0xC78A_B0E5)
    }

    @Test("Bytes in pieces of any length have the check of the whole")
    func pieces() {
        let bytes = (0..<1000).map { UInt8(truncatingIfNeeded: $0 * 7 + $0 / 256) }
        let whole = CRC32C(bytes).value
        for length in 1...20 {
            var crc = CRC32C()
            for start in stride(from: 0, to: bytes.count, by: length) {
                bytes[start..<min(start + length, bytes.count)].withUnsafeBytes { crc.update($0) }
            }
            #expect(crc.value == whole)
        }
    }

    @Test("Every flipped bit is noticed")
    func flippedBits() {
        let bytes = Array("a check of a few bytes".utf8)
        let check = CRC32C(bytes).value
        for bit in 0..<8 * bytes.count {
            var flipped = bytes
            flipped[bit / 8] ^= 1 << UInt8(bit % 8)
            #expect(CRC32C(flipped).value != check)
        }
    }
}
