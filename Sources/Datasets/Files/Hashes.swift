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

/// A checksum of 64 bits that is as fast as memory: it tells changed bytes, but not by malice.
///
/// Source: Collet, "xxHash fast digest algorithm", specification 0.1.1, the algorithm XXH64 with
/// the seed 0.
package struct XXH64 {
    private static let primes: (UInt64, UInt64, UInt64, UInt64, UInt64) = (
        0x9E37_79B1_85EB_CA87, 0xC2B2_AE3D_27D4_EB4F, 0x1656_67B1_9E37_79F9,
        0x85EB_CA77_C2B2_AE63, 0x27D4_EB2F_1656_67C5
    )

    private var lanes: SIMD4<UInt64> = [
        primes.0 &+ primes.1, primes.1, 0, 0 &- primes.0,
    ]
    /// Bytes that do not fill a stripe of 32 yet.
    private var rest: [UInt8] = []
    private var count = 0

    package init() {}

    /// Adds bytes at the end.
    package mutating func add(_ bytes: UnsafeRawBufferPointer) {
        count += bytes.count
        var bytes = bytes[...]
        if !rest.isEmpty {
            let missing = bytes.prefix(32 - rest.count)
            rest.append(contentsOf: missing)
            bytes = bytes.dropFirst(missing.count)
            guard rest.count == 32 else { return }
            rest.withUnsafeBytes { take($0) }
            rest.removeAll(keepingCapacity: true)
        }
        let whole = bytes.prefix(bytes.count / 32 * 32)
        take(UnsafeRawBufferPointer(rebasing: whole))
        rest.append(contentsOf: bytes.dropFirst(whole.count))
    }

    /// Takes whole stripes.
    private mutating func take(_ stripes: UnsafeRawBufferPointer) {
        var (a, b, c, d) = (lanes[0], lanes[1], lanes[2], lanes[3])
        for place in stride(from: 0, to: stripes.count, by: 32) {
            a = Self.round(a, stripes.word(place))
            b = Self.round(b, stripes.word(place + 8))
            c = Self.round(c, stripes.word(place + 16))
            d = Self.round(d, stripes.word(place + 24))
        }
        lanes = [a, b, c, d]
    }

    /// The checksum of all bytes so far.
    package var value: UInt64 {
        let (p1, p2, p3, p4, p5) = Self.primes
        var hash = p5
        if count >= 32 {
            hash =
                Self.rotated(lanes[0], 1) &+ Self.rotated(lanes[1], 7)
                &+ Self.rotated(lanes[2], 12) &+ Self.rotated(lanes[3], 18)
            for lane in 0..<4 { hash = (hash ^ Self.round(0, lanes[lane])) &* p1 &+ p4 }
        }
        hash &+= UInt64(count)
        rest.withUnsafeBytes { rest in
            var place = 0
            while place + 8 <= rest.count {
                hash = Self.rotated(hash ^ Self.round(0, rest.word(place)), 27) &* p1 &+ p4
                place += 8
            }
            if place + 4 <= rest.count {
                let word = rest.loadUnaligned(fromByteOffset: place, as: UInt32.self)
                hash = Self.rotated(hash ^ UInt64(UInt32(littleEndian: word)) &* p1, 23)
                hash = hash &* p2 &+ p3
                place += 4
            }
            for byte in rest[place...] {
                hash = Self.rotated(hash ^ UInt64(byte) &* p5, 11) &* p1
            }
        }
        hash = (hash ^ hash >> 33) &* p2
        hash = (hash ^ hash >> 29) &* p3
        return hash ^ hash >> 32
    }

    /// The checksum in 16 hexadecimal digits.
    package var digits: String {
        let digits = String(value, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }

    /// The checksum of bytes that are all there, in 16 hexadecimal digits.
    package static func digits(of bytes: some Collection<UInt8>) -> String {
        var sum = XXH64()
        Array(bytes).withUnsafeBytes { sum.add($0) }
        return sum.digits
    }

    private static func round(_ lane: UInt64, _ word: UInt64) -> UInt64 {
        rotated(lane &+ word &* primes.1, 31) &* primes.0
    }

    private static func rotated(_ word: UInt64, _ count: UInt64) -> UInt64 {
        word &<< count | word &>> (64 - count)
    }
}

extension UnsafeRawBufferPointer {
    /// Eight bytes as a number, the lowest first.
    fileprivate func word(_ place: Int) -> UInt64 {
        UInt64(littleEndian: loadUnaligned(fromByteOffset: place, as: UInt64.self))
    }
}
