/// A small repeatable source of test numbers (SplitMix64).
struct Numbers: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    mutating func floats(_ count: Int) -> [Float] {
        (0..<count).map { _ in Float.random(in: -1...1, using: &self) }
    }

    mutating func pick<T>(_ choices: [T]) -> T { choices.randomElement(using: &self)! }
}

/// The largest absolute difference, as a share of the largest expected value or of 1.
func relativeError(_ found: [Float], _ expected: [Double]) -> Double {
    let scale = max(1, expected.map { abs($0) }.max() ?? 1)
    guard found.count == expected.count else { return .infinity }
    // A NaN must count as an error, which `max` alone would let pass.
    return zip(found, expected).reduce(0) { worst, pair in
        let error = abs(Double(pair.0) - pair.1) / scale
        return error.isNaN ? .infinity : max(worst, error)
    }
}

func dot(_ a: [Float], _ b: [Float]) -> Double {
    zip(a, b).reduce(0) { $0 + Double($1.0) * Double($1.1) }
}
