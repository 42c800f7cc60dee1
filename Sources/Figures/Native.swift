import CVips
import Foundation

/// The bridge to the C module: messages become errors, and C memory becomes Swift values.
enum Native {
    /// The longest side of a picture, in pixels; GIF and cairo go no further.
    static let longestSide = 32_767

    /// Runs a C call that returns NULL or a message.
    static func call(
        _ task: String, _ body: () -> UnsafeMutablePointer<CChar>?
    ) throws(FigureError) {
        guard let message = body() else { return }
        defer { cvips_free(message) }
        throw .library(task: task, reason: String(cString: message))
    }

    /// Takes over memory from C.
    static func data(_ bytes: UnsafeMutablePointer<UInt8>?, count: Int) -> Data {
        guard let bytes else { return Data() }
        return Data(
            bytesNoCopy: bytes, count: count,
            deallocator: .custom { pointer, _ in
                cvips_free(pointer)
            })
    }

    /// Copies and frees memory from C.
    static func array(_ bytes: UnsafeMutablePointer<UInt8>?, count: Int) -> [UInt8] {
        defer { cvips_free(bytes) }
        return Array(UnsafeBufferPointer(start: bytes, count: bytes == nil ? 0 : count))
    }

    static func check(width: Int, height: Int) throws(FigureError) {
        guard (1...longestSide).contains(width), (1...longestSide).contains(height) else {
            throw .unusableSize(width: width, height: height, limit: longestSide)
        }
    }
}
