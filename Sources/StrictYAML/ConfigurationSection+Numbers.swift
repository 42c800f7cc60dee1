extension ConfigurationSection {
    /// A finite number of at least the minimum.
    ///
    /// - Parameter fallback: The value where the key is absent; without it the key is required.
    public func number(
        _ key: String, default fallback: Double? = nil, minimum: Double = -.infinity
    ) throws(ConfigurationError) -> Double {
        try value(key, default: fallback, as: .number(minimum: minimum))
    }

    /// A finite number above a bound.
    ///
    /// - Parameter fallback: The value where the key is absent; without it the key is required.
    public func number(
        _ key: String, default fallback: Double? = nil, greaterThan bound: Double
    ) throws(ConfigurationError) -> Double {
        try value(key, default: fallback, as: .number(greaterThan: bound))
    }

    /// A number in a range that has both its ends.
    ///
    /// - Parameter fallback: The value where the key is absent; without it the key is required.
    public func number(
        _ key: String, default fallback: Double? = nil, in range: ClosedRange<Double>
    ) throws(ConfigurationError) -> Double {
        try value(key, default: fallback, as: .number(in: range))
    }

    /// A number in a range without its upper end.
    ///
    /// - Parameter fallback: The value where the key is absent; without it the key is required.
    public func number(
        _ key: String, default fallback: Double? = nil, in range: Range<Double>
    ) throws(ConfigurationError) -> Double {
        try value(key, default: fallback, as: .number(in: range))
    }

    /// A finite number of at least the minimum, or nil where the key is absent or null.
    public func optionalNumber(
        _ key: String, minimum: Double = -.infinity
    ) throws(ConfigurationError) -> Double? {
        try optionalValue(key, as: .number(minimum: minimum))
    }

    /// A finite number above a bound, or nil where the key is absent or null.
    public func optionalNumber(
        _ key: String, greaterThan bound: Double
    ) throws(ConfigurationError) -> Double? {
        try optionalValue(key, as: .number(greaterThan: bound))
    }

    /// A number in a range that has both its ends, or nil where the key is absent or null.
    public func optionalNumber(
        _ key: String, in range: ClosedRange<Double>
    ) throws(ConfigurationError) -> Double? {
        try optionalValue(key, as: .number(in: range))
    }

    /// A number in a range without its upper end, or nil where the key is absent or null.
    public func optionalNumber(
        _ key: String, in range: Range<Double>
    ) throws(ConfigurationError) -> Double? {
        try optionalValue(key, as: .number(in: range))
    }
}

extension SettingKind<Double> {
    static func number(minimum: Double) -> Self {
        number(minimum == -.infinity ? "" : " of at least \(shortest(minimum))") { $0 >= minimum }
    }

    static func number(greaterThan bound: Double) -> Self {
        number(" greater than \(shortest(bound))") { $0 > bound }
    }

    static func number(in range: ClosedRange<Double>) -> Self {
        number(
            " from \(shortest(range.lowerBound)) to \(shortest(range.upperBound))",
            where: range.contains)
    }

    static func number(in range: Range<Double>) -> Self {
        number(
            " from \(shortest(range.lowerBound)) up to but not \(shortest(range.upperBound))",
            where: range.contains)
    }

    private static func number(
        _ bounds: String, where isValid: @escaping (Double) -> Bool
    ) -> Self {
        SettingKind(
            expected: "a finite number\(bounds)",
            decode: { node in
                guard let value = node.plainText.flatMap(DecimalText.init)?.double,
                    value.isFinite, isValid(value)
                else { return nil }
                return value
            },
            resolve: { value in
                precondition(value.isFinite, "a default must be a number that a file can hold")
                return .plain("\(value)")
            })
    }
}

extension ConfigurationSection {
    /// A whole number, also written `1e3` or `64.0`.
    ///
    /// - Parameter fallback: The value where the key is absent; without it the key is required.
    public func integer(
        _ key: String, default fallback: Int? = nil, minimum: Int = .min
    ) throws(ConfigurationError) -> Int {
        try value(key, default: fallback, as: .integer(minimum: minimum))
    }

    /// A whole number in a range.
    ///
    /// - Parameter fallback: The value where the key is absent; without it the key is required.
    public func integer(
        _ key: String, default fallback: Int? = nil, in range: ClosedRange<Int>
    ) throws(ConfigurationError) -> Int {
        try value(key, default: fallback, as: .integer(in: range))
    }

    /// What random numbers are a function of: a whole number of 64 bits without a sign.
    ///
    /// - Parameter fallback: The value where the key is absent.
    public func seed(
        _ key: String, default fallback: UInt64
    ) throws(ConfigurationError) -> UInt64 {
        try value(key, default: fallback, as: .seed)
    }

    /// A whole number, or nil where the key is absent or null.
    public func optionalInteger(
        _ key: String, minimum: Int = .min
    ) throws(ConfigurationError) -> Int? {
        try optionalValue(key, as: .integer(minimum: minimum))
    }

    /// A whole number in a range, or nil where the key is absent or null.
    public func optionalInteger(
        _ key: String, in range: ClosedRange<Int>
    ) throws(ConfigurationError) -> Int? {
        try optionalValue(key, as: .integer(in: range))
    }

    /// A list of whole numbers, each at least the minimum.
    ///
    /// - Parameters:
    ///   - fallback: The value where the key is absent; without it the key is required.
    ///   - count: The number of elements, any where nil.
    public func integers(
        _ key: String, default fallback: [Int]? = nil, minimum: Int = .min, count: Int? = nil
    ) throws(ConfigurationError) -> [Int] {
        try value(key, default: fallback, as: .integers(minimum: minimum, count: count))
    }

    /// A list of whole numbers, or nil where the key is absent or null.
    public func optionalIntegers(
        _ key: String, minimum: Int = .min, count: Int? = nil
    ) throws(ConfigurationError) -> [Int]? {
        try optionalValue(key, as: .integers(minimum: minimum, count: count))
    }
}

extension SettingKind<Int> {
    static func integer(minimum: Int) -> Self {
        integer(
            minimum == .min ? "a whole number" : "a whole number of at least \(minimum)"
        ) { $0 >= minimum }
    }

    static func integer(in range: ClosedRange<Int>) -> Self {
        integer(
            "a whole number from \(range.lowerBound) to \(range.upperBound)",
            where: range.contains)
    }

    private static func integer(
        _ expected: String, where isValid: @escaping (Int) -> Bool
    ) -> Self {
        SettingKind(
            expected: expected,
            decode: { node in
                guard let value = node.wholeNumber, isValid(value) else { return nil }
                return value
            },
            resolve: { .plain("\($0)") })
    }
}

extension SettingKind<UInt64> {
    static var seed: Self {
        SettingKind(
            expected: "a whole number from 0 to \(UInt64.max)",
            decode: { $0.plainText.flatMap(DecimalText.init)?.whole() },
            resolve: { .plain("\($0)") })
    }
}

extension SettingKind<[Int]> {
    static func integers(minimum: Int, count: Int?) -> Self {
        let bound = minimum == .min ? "" : " of at least \(minimum)"
        return SettingKind(
            expected: "a list of \(count.map { "\($0) " } ?? "")whole numbers\(bound)",
            decode: { node in
                guard case .list(let elements) = node.content else { return nil }
                let values = elements.compactMap(\.wholeNumber).filter { $0 >= minimum }
                guard values.count == elements.count, values.count == count ?? values.count else {
                    return nil
                }
                return values
            },
            resolve: { .flowList($0.map { "\($0)" }) })
    }
}

extension SettingNode {
    fileprivate var wholeNumber: Int? { plainText.flatMap(DecimalText.init)?.whole() }
}

extension ConfigurationSection {
    /// A height and a width in a range: one whole number for both, or a list of the two.
    ///
    /// - Parameter fallback: Both where the key is absent; without it the key is required.
    public func size(
        _ key: String, default fallback: Int? = nil, in range: ClosedRange<Int>
    ) throws(ConfigurationError) -> (height: Int, width: Int) {
        let sides = try value(
            key, default: fallback.map { [$0, $0] }, as: .sides(in: range))
        return (sides[0], sides[1])
    }

    /// A list of texts as they were written, or nil where the key is absent or null.
    public func optionalStrings(_ key: String) throws(ConfigurationError) -> [String]? {
        try optionalValue(key, as: .texts)
    }
}

extension SettingKind<[Int]> {
    fileprivate static func sides(in range: ClosedRange<Int>) -> Self {
        let side = SettingKind<Int>.integer(in: range)
        return SettingKind(
            expected: "\(side.expected), or a list of two such: height and width",
            decode: { node in
                if let both = side.decode(node) { return [both, both] }
                guard case .list(let elements) = node.content, elements.count == 2 else {
                    return nil
                }
                let sides = elements.compactMap(side.decode)
                return sides.count == 2 ? sides : nil
            },
            resolve: { sides in
                sides[0] == sides[1] ? side.resolve(sides[0]) : .flowList(sides.map { "\($0)" })
            })
    }
}

extension SettingKind<[String]> {
    fileprivate static var texts: Self {
        SettingKind(
            expected: "a list of texts",
            decode: { node in
                guard case .list(let elements) = node.content else { return nil }
                let texts = elements.compactMap(\.text)
                return texts.count == elements.count ? texts : nil
            },
            resolve: { .textList($0) })
    }
}
