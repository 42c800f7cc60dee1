import Files
import Foundation

@testable import Datasets

/// Files of pictures made of given samples, to the bit.
enum RawPictures {
    /// A PNG whose rows are given as they are packed, without compression.
    ///
    /// - Parameters:
    ///   - depth: Bits of a sample: 1, 2, 4, 8 or 16.
    ///   - colour: PNG's type: 0 grey, 2 colour, 3 palette, 4 grey and alpha, 6 colour and alpha.
    ///   - palette: Red, green and blue of each colour.
    static func png(
        width: Int, depth: UInt8, colour: UInt8, rows: [[UInt8]], palette: [UInt8] = []
    ) -> Data {
        let header = big(width) + big(rows.count) + [depth, colour, 0, 0, 0]
        let filtered = rows.flatMap { [UInt8(0)] + $0 }
        let lengths = little(filtered.count, 2) + little(~filtered.count, 2)
        let stored: [UInt8] = [0x78, 0x01, 0x01] + lengths + filtered + big(Int(adler(filtered)))
        let chunks =
            chunk("IHDR", header) + (palette.isEmpty ? [] : chunk("PLTE", palette))
            + chunk("IDAT", stored) + chunk("IEND", [])
        return Data([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A] + chunks)
    }

    /// A little-endian TIFF in one strip, without compression.
    ///
    /// - Parameters:
    ///   - bits: Of a sample.
    ///   - samples: Of a pixel.
    ///   - photometric: 1 grey, 2 colour, 5 inks.
    ///   - alpha: Whether the last sample of a pixel is its alpha, not yet multiplied in.
    ///   - format: 1 whole numbers, 3 fractions.
    static func tiff(
        width: Int, height: Int, bits: Int, samples: Int, photometric: Int, data: [UInt8],
        alpha: Bool = false, format: Int = 1
    ) -> Data {
        var entries: [(tag: Int, count: Int, value: Int)] = [
            (256, 1, width), (257, 1, height), (258, samples, bits), (259, 1, 1),
            (262, 1, photometric), (273, 1, 0), (277, 1, samples), (278, 1, height),
            (279, 1, data.count),
        ]
        if alpha { entries.append((338, 1, 2)) }
        entries.append((339, samples, format))
        let lists = 8 + 2 + 12 * entries.count + 4
        var extra: [UInt8] = []
        var table: [UInt8] = []
        let start = lists + entries.filter { $0.count > 2 }.count * 2 * samples
        for entry in entries {
            let value = entry.tag == 273 ? start : entry.value
            let words =
                [UInt8](repeating: 0, count: 0)
                + (0..<entry.count).flatMap { _ in little(value, 2) }
            table += little(entry.tag, 2) + little(3, 2) + little(entry.count, 4)
            if entry.count > 2 {
                table += little(lists + extra.count, 4)
                extra += words
            } else {
                table += (words + [0, 0, 0, 0]).prefix(4)
            }
        }
        return Data(
            [0x49, 0x49, 42, 0] + little(8, 4) + little(entries.count, 2) + table + little(0, 4)
                + extra + data)
    }

    /// Samples of 16 bits as bytes, the highest first or last.
    static func words(_ samples: [Int], isLittle: Bool = false) -> [UInt8] {
        samples.flatMap { isLittle ? little($0, 2) : Array(little($0, 2).reversed()) }
    }

    private static func chunk(_ name: String, _ data: [UInt8]) -> [UInt8] {
        let body = Array(name.utf8) + data
        return big(data.count) + body + big(Int(body.withUnsafeBytes { CRC32.of($0) }))
    }

    private static func adler(_ bytes: [UInt8]) -> UInt32 {
        var (a, b): (UInt32, UInt32) = (1, 0)
        for byte in bytes {
            a = (a + UInt32(byte)) % 65521
            b = (b + a) % 65521
        }
        return b << 16 | a
    }

    private static func big(_ number: Int) -> [UInt8] { little(number, 4).reversed() }

    private static func little(_ number: Int, _ count: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
    }
}
