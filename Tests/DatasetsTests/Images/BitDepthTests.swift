import FileTestSupport
import Foundation
import Testing

@testable import Datasets

@Suite("Samples of all depths")
struct BitDepthTests {
    /// Numbers around which 16 bits might be rounded to 8 in several ways.
    private static let wide = [
        0, 1, 128, 129, 200, 255, 256, 257, 385, 386, 32_767, 32_768, 33_000, 40_000, 65_000,
        65_406,
        65_407, 65_535,
    ]
    /// A 257th, rounded.
    private static let narrow = wide.map { UInt8(($0 * 2 + 257) / 514) }

    @Test("40000 of 65535 is 156, in grey, in colour, beside an alpha, in PNG and TIFF")
    func sixteenBits() throws {
        #expect(Self.narrow[13] == 156 && Self.narrow.last == 255 && Self.narrow[3] == 1)
        let (wide, count) = (Self.wide, Self.wide.count)
        for (colour, samples, photometric) in [(0, 1, 1), (4, 2, 1), (2, 3, 2), (6, 4, 2)] {
            let hasAlpha = colour >= 4
            let pixels = wide.flatMap { value in
                [Int](repeating: value, count: samples - (hasAlpha ? 1 : 0))
                    + (hasAlpha ? [65_535] : [])
            }
            let png = RawPictures.png(
                width: count, depth: 16, colour: UInt8(colour), rows: [RawPictures.words(pixels)])
            let tiff = RawPictures.tiff(
                width: count, height: 1, bits: 16, samples: samples, photometric: photometric,
                data: RawPictures.words(pixels, isLittle: true), alpha: hasAlpha)
            for file in [png, tiff] {
                #expect(try self.pixels(of: file, channels: 1) == Self.narrow, "\(colour)")
                #expect(
                    try self.pixels(of: file, channels: 3) == Self.narrow.flatMap { [$0, $0, $0] })
            }
        }
    }

    @Test("an alpha of 16 bits shows the background as one of 8 does")
    func alpha() throws {
        let found = try [257, 1].map { scale -> [UInt8] in
            let samples = [156, 0, 156, 128, 0, 128, 255, 200].map { $0 * scale }
            let row = scale == 1 ? samples.map { UInt8($0) } : RawPictures.words(samples)
            let depth: UInt8 = scale == 1 ? 8 : 16
            return try pixels(
                of: RawPictures.png(width: 4, depth: depth, colour: 4, rows: [row]), channels: 1)
        }
        #expect(found[0] == found[1])
        #expect(found[0][0] == 255 && abs(Int(found[0][1]) - 205) <= 1)
    }

    @Test("samples of 1, 2 and 4 bits reach from black to white", arguments: [1, 2, 4])
    func fewBits(depth: Int) throws {
        let levels = 1 << depth
        let values = (0..<8).map { $0 % levels }
        let expected = values.map { UInt8($0 * 255 / (levels - 1)) }
        let packed = stride(from: 0, to: 8, by: 8 / depth).map { start in
            values[start..<start + 8 / depth].reduce(UInt8(0)) { $0 << depth | UInt8($1) }
        }
        let grey = RawPictures.png(width: 8, depth: UInt8(depth), colour: 0, rows: [packed])
        #expect(try pixels(of: grey, channels: 1) == expected)
        let colours = (0..<levels).flatMap { level -> [UInt8] in
            [UInt8(level * 7), UInt8(255 - level), 9]
        }
        let palette = RawPictures.png(
            width: 8, depth: UInt8(depth), colour: 3, rows: [packed], palette: colours)
        #expect(
            try pixels(of: palette, channels: 3)
                == values.flatMap { level -> [UInt8] in
                    [UInt8(level * 7), UInt8(255 - level), 9]
                })
        let tiff = RawPictures.tiff(
            width: 8, height: 1, bits: depth, samples: 1, photometric: 1, data: packed)
        #expect(try pixels(of: tiff, channels: 1) == expected)
    }

    @Test("inks of 8 and of 16 bits multiply alike")
    func inks() throws {
        let inks = [[0, 0, 0, 0], [255, 0, 0, 0], [0, 0, 0, 255], [0, 51, 102, 51]]
        let expected: [UInt8] = [255, 255, 255, 0, 255, 255, 0, 0, 0, 204, 163, 122]
        for bits in [8, 16] {
            let samples = inks.flatMap { $0 }
            let data =
                bits == 8
                ? samples.map { UInt8($0) }
                : RawPictures.words(samples.map { $0 * 257 }, isLittle: true)
            let file = RawPictures.tiff(
                width: 4, height: 1, bits: bits, samples: 4, photometric: 5, data: data)
            let found = try pixels(of: file, channels: 3)
            #expect(zip(found, expected).allSatisfy { abs(Int($0) - Int($1)) <= 1 }, "\(found)")
        }
    }

    @Test("fractions and wider numbers are refused by name, since their white is not known")
    func otherFormats() throws {
        for (bits, format) in [(32, 3), (32, 1)] {
            let file = RawPictures.tiff(
                width: 2, height: 1, bits: bits, samples: 1, photometric: 1,
                data: [UInt8](repeating: 1, count: 2 * bits / 8), format: format)
            do {
                _ = try pixels(of: file, channels: 1)
                Issue.record("\(bits) bits of format \(format) were decoded")
            } catch let error as ImageFileError {
                #expect(error.reason.contains("neither 8 nor 16 bits"))
            }
        }
    }

    /// What a file is decoded to at its own size, alone and in a folder.
    private func pixels(of file: Data, channels: Int) throws -> [UInt8] {
        try withTemporaryFolder { folder in
            let place = folder.appending(path: "picture")
            try file.write(to: place)
            let image = try ImageFile(at: place.path)
            let pixels = try image.pixels(channels: channels)
            let whole = try ImageFolder(
                contentsOf: folder.path,
                as: ImagePreparation(
                    height: image.height, width: image.width, channels: channels))
            #expect(whole.images.pixels == pixels)
            return pixels
        }
    }
}
