package import Foundation
import Testing

/// Numbers that are the same in every run of the tests.
package struct SplitMix: RandomNumberGenerator {
    /// Where the sequence is.
    package var state: UInt64

    package init(state: UInt64) { self.state = state }

    package mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}

/// A file with one to four random faults.
package func mutated(_ original: Data, _ generator: inout SplitMix) -> Data {
    var bytes = [UInt8](original)
    for _ in 0..<Int.random(in: 1...4, using: &generator) where !bytes.isEmpty {
        let place = bytes.indices.randomElement(using: &generator)!
        switch Int.random(in: 0..<6, using: &generator) {
        case 0: bytes[place] = UInt8.random(in: 0...255, using: &generator)
        case 1: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
        case 2:
            bytes[place] = Array("0123456789{}[]\",:'()\\ ".utf8).randomElement(using: &generator)!
        case 3: bytes.remove(at: place)
        case 4: bytes.insert(UInt8.random(in: 0...255, using: &generator), at: place)
        default: bytes.removeSubrange(place..<min(place + 5, bytes.count))
        }
    }
    return Data(bytes)
}

/// How often tests repeat what depends on chance.
package enum Repetitions {
    /// The number that an environment variable gives, or a small one.
    package static func count(_ variable: String, default count: Int) -> Int {
        ProcessInfo.processInfo.environment[variable].flatMap { Int($0) } ?? count
    }

    /// How many mutated files a parser gets.
    package static let mutations = count("WGAN_FUZZ_EXECUTIONS", default: 2000)
}

/// Feeds a parser with mutations of a small corpus, the same in every run.
///
/// - Parameters:
///   - isRefusal: Whether an error is the parser's own; a trap, a hang or another error is a fault.
///   - parse: Reads to the last byte.
package func fuzz(
    _ corpus: [Data], seed: UInt64, isRefusal: (any Error) -> Bool,
    change: (Data, inout SplitMix) throws -> Data = { mutated($0, &$1) },
    _ parse: (Data) throws -> Void
) throws {
    let before = try peakMemory()
    var generator = SplitMix(state: seed)
    var accepted = 0
    for _ in 0..<Repetitions.mutations {
        let original = try #require(corpus.randomElement(using: &generator))
        do {
            try parse(try change(original, &generator))
            accepted += 1
        } catch  where isRefusal(error) {}
    }
    // A parser that takes or refuses everything would not have been tested.
    #expect(accepted > 0 && accepted < Repetitions.mutations)
    #expect(try peakMemory() - before < 512 << 20)
}
