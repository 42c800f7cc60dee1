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
