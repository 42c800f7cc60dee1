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
