/// The number types of the IDX format; the raw value is the type code of the header.
public enum IDXElement: UInt8, Sendable, CaseIterable, CustomStringConvertible {
    /// Unsigned bytes: pixels and labels.
    case uint8 = 0x08
    /// Signed bytes.
    case int8 = 0x09
    /// Signed 16-bit integers.
    case int16 = 0x0B
    /// Signed 32-bit integers.
    case int32 = 0x0C
    /// 32-bit floating-point numbers.
    case float32 = 0x0D
    /// 64-bit floating-point numbers.
    case float64 = 0x0E

    /// How many bytes a number takes.
    public var size: Int {
        switch self {
        case .uint8, .int8: 1
        case .int16: 2
        case .int32, .float32: 4
        case .float64: 8
        }
    }

    /// The name of the type in a sentence.
    public var description: String {
        switch self {
        case .uint8: "unsigned 8-bit"
        case .int8: "signed 8-bit"
        case .int16: "16-bit integer"
        case .int32: "32-bit integer"
        case .float32: "32-bit float"
        case .float64: "64-bit float"
        }
    }
}

extension IDXFile {
    /// The numbers of the file, row-major; exact, since a Double holds every one of the types.
    public func values() -> [Double] {
        let size = element.size
        return bytes.withUnsafeBytes { raw in
            stride(from: 0, to: raw.count, by: size).map { offset in
                let bits = raw[offset..<offset + size].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
                return Self.number(bits, element)
            }
        }
    }

    private static func number(_ bits: UInt64, _ element: IDXElement) -> Double {
        switch element {
        case .uint8: Double(bits)
        case .int8: Double(Int8(truncatingIfNeeded: bits))
        case .int16: Double(Int16(truncatingIfNeeded: bits))
        case .int32: Double(Int32(truncatingIfNeeded: bits))
        case .float32: Double(Float(bitPattern: UInt32(truncatingIfNeeded: bits)))
        case .float64: Double(bitPattern: bits)
        }
    }
}
