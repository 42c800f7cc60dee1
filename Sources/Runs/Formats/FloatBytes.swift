import Foundation

/// Single-precision numbers as little-endian bytes.
enum FloatBytes {
    /// Passes the bytes on in pieces, so that a large tensor is never copied whole.
    static func forEachPiece(
        of values: [Float], _ body: (UnsafeRawBufferPointer) throws -> Void
    ) rethrows {
        let pieceLength = 1 << 16
        for start in stride(from: 0, to: values.count, by: pieceLength) {
            let piece = values[start..<min(start + pieceLength, values.count)]
            let words = piece.map { $0.bitPattern.littleEndian }
            try words.withUnsafeBytes(body)
        }
    }
}
