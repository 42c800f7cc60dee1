import Files
package import Foundation

/// Texts in a PNG file, which programs that show its properties can read.
package enum PNGText {
    private static let headSize = 8 + 25

    /// A PNG file with texts behind its head; what is no PNG file stays as it is.
    ///
    /// - Parameter texts: By keywords of 1 to 79 Latin letters, digits and spaces; ASCII.
    ///
    /// Source: Portable Network Graphics (third edition), sections 5.3 and 11.3.3.2.
    package static func adding(_ texts: [String: String], to png: Data) -> Data {
        guard png.count > headSize, png.dropFirst(12).prefix(4).elementsEqual("IHDR".utf8) else {
            return png
        }
        var result = Data(png.prefix(headSize))
        for (keyword, text) in texts.sorted(by: { $0.key < $1.key }) {
            result.append(chunk("tEXt", Data(keyword.utf8) + [0] + Data(text.utf8)))
        }
        return result + png.dropFirst(headSize)
    }

    private static func chunk(_ type: String, _ content: Data) -> Data {
        let body = Data(type.utf8) + content
        return number(UInt32(content.count)) + body + number(body.withUnsafeBytes(CRC32.of))
    }

    private static func number(_ value: UInt32) -> Data {
        withUnsafeBytes(of: value.bigEndian) { Data($0) }
    }
}
