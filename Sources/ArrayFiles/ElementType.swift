import Files

/// The type of a tensor's numbers in a file; the raw value is the safetensors name.
public enum ElementType: String, CaseIterable, Sendable {
    /// Double precision, 8 bytes.
    case float64 = "F64"
    /// Single precision, 4 bytes.
    case float32 = "F32"
    /// Half precision, 2 bytes: 5 bits of exponent, 10 of fraction.
    case float16 = "F16"
    /// The upper 2 bytes of a single-precision number: 8 bits of exponent, 7 of fraction.
    case bfloat16 = "BF16"
    /// Whole numbers with a sign, 8 bytes.
    case int64 = "I64"
    /// Whole numbers with a sign, 4 bytes.
    case int32 = "I32"
    /// Whole numbers with a sign, 2 bytes.
    case int16 = "I16"
    /// Whole numbers with a sign, 1 byte.
    case int8 = "I8"
    /// Whole numbers from 0 on, 8 bytes.
    case uint64 = "U64"
    /// Whole numbers from 0 on, 4 bytes.
    case uint32 = "U32"
    /// Whole numbers from 0 on, 2 bytes.
    case uint16 = "U16"
    /// Whole numbers from 0 on, 1 byte, such as pixels.
    case uint8 = "U8"
    /// Truth values, 1 byte: read as 0 for a zero byte, else as 1.
    case bool = "BOOL"

    /// The size of one number in bytes.
    public var byteCount: Int {
        switch self {
        case .float64, .int64, .uint64: 8
        case .float32, .int32, .uint32: 4
        case .float16, .bfloat16, .int16, .uint16: 2
        case .int8, .uint8, .bool: 1
        }
    }

    /// Whether single precision holds every number of this type.
    package var fitsSinglePrecision: Bool { byteCount < 4 || self == .float32 }

    /// Whether the numbers are fractions rather than integers or truth values.
    public var isFloatingPoint: Bool {
        switch self {
        case .float64, .float32, .float16, .bfloat16: true
        default: false
        }
    }

    /// The numbers of bytes, rounded to the type asked for.
    ///
    /// - Parameters:
    ///   - bytes: Whole numbers of this type.
    ///   - isBigEndian: Whether the byte that counts most comes first.
    /// - Returns: One value for each; integers that the type cannot tell apart become the nearest.
    func values<Scalar: BinaryFloatingPoint>(
        _ bytes: [UInt8], isBigEndian: Bool = false, as type: Scalar.Type = Scalar.self
    ) -> [Scalar] {
        let count = bytes.count / byteCount
        return [Scalar](unsafeUninitializedCapacity: count) { values, filled in
            fill(values, with: bytes, isBigEndian: isBigEndian)
            filled = count
        }
    }

    /// The numbers of a part of a source, read piece by piece, so that its bytes are never in
    /// memory as a whole.
    ///
    /// - Throws: `FileFailure`.
    func values<Scalar: BinaryFloatingPoint>(
        from start: Int, of source: ByteSource, count: Int, isBigEndian: Bool, as type: Scalar.Type
    ) throws -> [Scalar] {
        let pieceSize = 1 << 17
        return try [Scalar](unsafeUninitializedCapacity: count) { values, filled in
            while filled < count {
                let more = min(pieceSize, count - filled)
                let bytes = try source.read(
                    at: start + filled * byteCount, count: more * byteCount)
                fill(
                    UnsafeMutableBufferPointer(rebasing: values[filled..<filled + more]),
                    with: bytes, isBigEndian: isBigEndian)
                filled += more
            }
        }
    }

    private func fill<Scalar: BinaryFloatingPoint>(
        _ values: UnsafeMutableBufferPointer<Scalar>, with bytes: [UInt8], isBigEndian: Bool
    ) {
        func words<Word: FixedWidthInteger>(_ convert: (Word) -> Scalar) {
            bytes.withUnsafeBytes { buffer in
                for index in 0..<buffer.count / MemoryLayout<Word>.size {
                    let place = index * MemoryLayout<Word>.size
                    let word = buffer.loadUnaligned(fromByteOffset: place, as: Word.self)
                    let value = isBigEndian ? Word(bigEndian: word) : Word(littleEndian: word)
                    values.initializeElement(at: index, to: convert(value))
                }
            }
        }
        switch self {
        case .float64: words { (word: UInt64) in Scalar(Double(bitPattern: word)) }
        case .float32: words { (word: UInt32) in Scalar(Float(bitPattern: word)) }
        case .float16: words { (word: UInt16) in Scalar(Float(Float16(bitPattern: word))) }
        case .bfloat16: words { (word: UInt16) in Scalar(Float(bitPattern: UInt32(word) << 16)) }
        case .int64: words { (word: Int64) in Scalar(word) }
        case .int32: words { (word: Int32) in Scalar(word) }
        case .int16: words { (word: Int16) in Scalar(word) }
        case .int8: words { (word: Int8) in Scalar(word) }
        case .uint64: words { (word: UInt64) in Scalar(word) }
        case .uint32: words { (word: UInt32) in Scalar(word) }
        case .uint16: words { (word: UInt16) in Scalar(word) }
        case .uint8: words { (word: UInt8) in Scalar(word) }
        case .bool: words { (word: UInt8) in word == 0 ? 0 : 1 }
        }
    }
}

/// Single-precision numbers as little-endian bytes.
package enum FloatBytes {
    /// Passes the bytes on in pieces, so that a large tensor is never copied whole.
    package static func forEachPiece(
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
