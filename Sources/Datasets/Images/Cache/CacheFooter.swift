import Files
import Foundation

/// The end of a file of decoded images.
enum CacheFooter {
    /// The trailer's text with the footer behind it.
    static func appended(to trailer: Data) -> [UInt8] {
        let checksum = trailer.withUnsafeBytes { CRC32.of($0) }
        return Array(trailer) + bytes(UInt64(trailer.count)) + bytes(UInt64(checksum))
            + ImageCache.magic
    }

    /// The trailer, if the file ends as it should.
    static func trailer(of file: UnsafeBufferPointer<UInt8>) throws(Damage) -> ImageCache.Trailer {
        let text = try trailerRange(of: file)
        let bytes = UnsafeRawBufferPointer(file.extracting(text))
        let checksum = number(file, at: file.count - 16)
        guard UInt64(CRC32.of(bytes)) == checksum else {
            throw Damage(reason: "its index does not have the checksum that it says")
        }
        do {
            return try JSONDecoder().decode(ImageCache.Trailer.self, from: Data(bytes))
        } catch {
            throw Damage(reason: "its index cannot be understood")
        }
    }

    /// What is before the trailer.
    static func pixels(
        of file: UnsafeBufferPointer<UInt8>
    ) throws(Damage) -> UnsafeBufferPointer<UInt8> {
        file.extracting(0..<(try trailerRange(of: file).lowerBound))
    }

    private static func trailerRange(
        of file: UnsafeBufferPointer<UInt8>
    ) throws(Damage) -> Range<Int> {
        let end = file.count - ImageCache.footerSize
        guard end >= 0, file.suffix(ImageCache.magic.count).elementsEqual(ImageCache.magic) else {
            throw Damage(reason: "its end is missing")
        }
        let length = number(file, at: end)
        guard length <= UInt64(end) else {
            throw Damage(reason: "it does not have the length that it says")
        }
        return end - Int(length)..<end
    }

    private static func number(_ file: UnsafeBufferPointer<UInt8>, at offset: Int) -> UInt64 {
        file[offset..<offset + 8].reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }

    private static func bytes(_ number: UInt64) -> [UInt8] {
        withUnsafeBytes(of: number.littleEndian) { Array($0) }
    }
}
