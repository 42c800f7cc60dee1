import Foundation
import Testing

@testable import Figures

@Suite("Texts in PNG files")
struct PNGTextTests {
    /// A grey picture of one pixel.
    private static let png = Data(
        base64Encoded:
            "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNgAAAA"
            + "AgABSK+kcQAAAABJRU5ErkJggg=="
    )!

    @Test("stand behind the head, sorted, with their check")
    func chunks() throws {
        let result = PNGText.adding(["step": "60", "a": "b"], to: Self.png)
        #expect(result.prefix(33) == Self.png.prefix(33))
        #expect(result.suffix(Self.png.count - 33) == Self.png.suffix(Self.png.count - 33))
        let added = Data(result.dropFirst(33).dropLast(Self.png.count - 33))
        // Length, type, keyword, zero, text, and the CRC of the last four, by Python's zlib.
        let first = [0, 0, 0, 3] + Array("tEXta\0b".utf8) + [0xDC, 0x49, 0xA2, 0x3B]
        let second = [0, 0, 0, 7] + Array("tEXtstep\u{0}60".utf8) + [0x64, 0x64, 0x5C, 0x64]
        #expect(Array(added) == first + second)
        #expect(try PixelImage(pngData: result) == PixelImage(pngData: Self.png))
    }

    @Test("are not put into what is no PNG file")
    func others() {
        for data in [Data(), Data("no picture, but long enough to be one".utf8)] {
            #expect(PNGText.adding(["step": "60"], to: data) == data)
        }
    }
}
