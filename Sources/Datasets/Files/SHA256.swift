import CVips
package import Foundation

/// A SHA-256 checksum of bytes that come in pieces.
///
/// Source: FIPS 180-4; GLib computes it.
package struct SHA256: ~Copyable {
    private let state = cvips_sha256_new()

    deinit { cvips_sha256_free(state) }

    /// Adds bytes at the end.
    func add(_ bytes: UnsafeRawBufferPointer) {
        cvips_sha256_add(state, bytes.baseAddress, bytes.count)
    }

    /// Adds an integer as eight bytes, lowest first.
    func add(_ number: Int) {
        withUnsafeBytes(of: Int64(number).littleEndian) { add($0) }
    }

    /// Adds bytes, and how many they are, so that neighbours cannot be confused.
    func add(counted bytes: some Collection<UInt8>) {
        add(bytes.count)
        Array(bytes).withUnsafeBytes { add($0) }
    }

    /// The checksum of all that was added, in 64 hexadecimal digits.
    consuming func digest() -> String {
        var bytes = [UInt8](repeating: 0, count: 32)
        cvips_sha256_finish(state, &bytes)
        return bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    /// The checksum of bytes that are all there, in 64 hexadecimal digits.
    package static func digest(of data: Data) -> String {
        let sum = SHA256()
        data.withUnsafeBytes { sum.add($0) }
        return sum.digest()
    }
}
