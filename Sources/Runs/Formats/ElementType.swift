/// The type of a tensor's numbers in a file; the raw value is the safetensors name.
public enum ElementType: String, CaseIterable, Sendable {
    case float64 = "F64"
    case float32 = "F32"
    case float16 = "F16"
    case bfloat16 = "BF16"
    case int64 = "I64"
    case int32 = "I32"
    case int16 = "I16"
    case int8 = "I8"
    case uint64 = "U64"
    case uint32 = "U32"
    case uint16 = "U16"
    case uint8 = "U8"
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

    /// Whether the numbers are fractions rather than integers or truth values.
    public var isFloatingPoint: Bool {
        switch self {
        case .float64, .float32, .float16, .bfloat16: true
        default: false
        }
    }

    /// The numbers of little-endian bytes, rounded to single precision.
    ///
    /// - Parameter bytes: Whole numbers of this type.
    /// - Returns: One value for each; integers beyond ±2²⁴ may lose their last digits.
    func floats(_ bytes: [UInt8]) -> [Float] {
        switch self {
        case .float64: words(bytes) { (word: UInt64) in Float(Double(bitPattern: word)) }
        case .float32: words(bytes) { (word: UInt32) in Float(bitPattern: word) }
        case .float16: words(bytes) { (word: UInt16) in Float(Float16(bitPattern: word)) }
        case .bfloat16: words(bytes) { (word: UInt16) in Float(bitPattern: UInt32(word) << 16) }
        case .int64: words(bytes) { (word: Int64) in Float(word) }
        case .int32: words(bytes) { (word: Int32) in Float(word) }
        case .int16: words(bytes) { (word: Int16) in Float(word) }
        case .int8: words(bytes) { (word: Int8) in Float(word) }
        case .uint64: words(bytes) { (word: UInt64) in Float(word) }
        case .uint32: words(bytes) { (word: UInt32) in Float(word) }
        case .uint16: words(bytes) { (word: UInt16) in Float(word) }
        case .uint8: words(bytes) { (word: UInt8) in Float(word) }
        case .bool: words(bytes) { (word: UInt8) in word == 0 ? 0 : 1 }
        }
    }

    private func words<Word: FixedWidthInteger>(
        _ bytes: [UInt8], _ convert: (Word) -> Float
    ) -> [Float] {
        let count = bytes.count / MemoryLayout<Word>.size
        return bytes.withUnsafeBytes { buffer in
            [Float](unsafeUninitializedCapacity: count) { values, filled in
                for index in 0..<count {
                    let place = index * MemoryLayout<Word>.size
                    let word = buffer.loadUnaligned(fromByteOffset: place, as: Word.self)
                    values.initializeElement(at: index, to: convert(Word(littleEndian: word)))
                }
                filled = count
            }
        }
    }
}
