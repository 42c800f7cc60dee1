import Files

/// What a key may hold: how to say it, read it and write it down.
///
/// ``ConfigurationSection/value(_:_:default:)`` and ``ConfigurationSection/optional(_:_:)`` take
/// one: `try section.value("bound", .number(greaterThan: 0), default: 0.01)`.
public struct SettingKind<Value> {
    /// With its article, to follow "must be": `a whole number of at least 1`.
    let expected: String
    /// Many of it, to follow "a list of": `whole numbers of at least 1`.
    let plural: String
    let decode: (SettingNode) -> Value?
    let resolve: (Value) -> ResolvedValue

    /// - Parameter plural: Where lists of it are read; by default as `expected`.
    init(
        _ expected: String, plural: String? = nil, decode: @escaping (SettingNode) -> Value?,
        resolve: @escaping (Value) -> ResolvedValue
    ) {
        (self.expected, self.plural) = (expected, plural ?? expected)
        (self.decode, self.resolve) = (decode, resolve)
    }
}

extension SettingKind<Double> {
    /// A finite number of at least the minimum.
    public static func number(minimum: Double = -.infinity) -> Self {
        number(minimum == -.infinity ? "" : " of at least \(shortest(minimum))") { $0 >= minimum }
    }

    /// A finite number above a bound.
    public static func number(greaterThan bound: Double) -> Self {
        number(" greater than \(shortest(bound))") { $0 > bound }
    }

    /// A number in a range that has both its ends.
    public static func number(in range: ClosedRange<Double>) -> Self {
        number(
            " from \(shortest(range.lowerBound)) to \(shortest(range.upperBound))",
            where: range.contains)
    }

    /// A number in a range without its upper end.
    public static func number(in range: Range<Double>) -> Self {
        number(
            " from \(shortest(range.lowerBound)) up to but not \(shortest(range.upperBound))",
            where: range.contains)
    }

    private static func number(
        _ bounds: String, where isValid: @escaping (Double) -> Bool
    ) -> Self {
        SettingKind(
            "a finite number\(bounds)", plural: "finite numbers\(bounds)",
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

extension SettingKind<Int> {
    /// A whole number, also written `1e3` or `64.0`.
    public static func integer(minimum: Int = .min) -> Self {
        integer(minimum == .min ? "" : " of at least \(minimum)") { $0 >= minimum }
    }

    /// A whole number in a range.
    public static func integer(in range: ClosedRange<Int>) -> Self {
        integer(" from \(range.lowerBound) to \(range.upperBound)", where: range.contains)
    }

    private static func integer(_ bounds: String, where isValid: @escaping (Int) -> Bool) -> Self {
        SettingKind(
            "a whole number\(bounds)", plural: "whole numbers\(bounds)",
            decode: { node in
                guard let value: Int = node.plainText.flatMap(DecimalText.init)?.whole(),
                    isValid(value)
                else { return nil }
                return value
            },
            resolve: { .plain("\($0)") })
    }
}

extension SettingKind<UInt64> {
    /// What random numbers are a function of: a whole number of 64 bits without a sign.
    public static var seed: Self {
        SettingKind(
            "a whole number from 0 to \(UInt64.max)",
            decode: { $0.plainText.flatMap(DecimalText.init)?.whole() },
            resolve: { .plain("\($0)") })
    }
}

extension SettingKind<Bool> {
    /// `true` or `false`, and no other spelling.
    public static var boolean: Self {
        SettingKind(
            "true or false",
            decode: { ["true": true, "false": false][$0.plainText ?? ""] },
            resolve: { .plain("\($0)") })
    }
}

extension SettingKind<String> {
    /// Text as it was written: an unquoted `2024` or `1.10` is text too, null is not.
    public static var text: Self {
        SettingKind("text", plural: "texts", decode: \.text, resolve: { .text($0) })
    }

    /// The path of a file or folder. A relative one starts from the current folder, and is recorded
    /// as an absolute one: the resolved settings name the same file from everywhere.
    public static var filePath: Self {
        SettingKind(
            "the path of a file or folder",
            decode: { node in node.text.map { $0.isEmpty ? $0 : absolutePath($0) } },
            resolve: { .text($0) })
    }
}

extension SettingKind where Value: CaseIterable & RawRepresentable<String> {
    /// One of the cases of an enumeration, by its raw value.
    public static func oneOf(_ type: Value.Type = Value.self) -> Self {
        SettingKind(
            "one of " + type.allCases.map(\.rawValue).sorted().joined(separator: ", "),
            decode: { $0.text.flatMap(Value.init) },
            resolve: { .text($0.rawValue) })
    }
}

extension SettingKind<(height: Int, width: Int)> {
    /// A height and a width in a range: one whole number for both, or a list of the two.
    public static func size(in range: ClosedRange<Int>) -> Self {
        let side = SettingKind<Int>.integer(in: range)
        let sides = SettingKind<[Int]>.list(of: side, count: 2)
        return SettingKind(
            "\(side.expected), or a list of two such: height and width",
            decode: { node in
                if let both = side.decode(node) { return (both, both) }
                return sides.decode(node).map { ($0[0], $0[1]) }
            },
            resolve: { size in
                size.height == size.width
                    ? side.resolve(size.height) : sides.resolve([size.height, size.width])
            })
    }
}

extension SettingKind {
    /// A list of values of one kind.
    ///
    /// - Parameters:
    ///   - kind: What each element may be.
    ///   - count: The number of elements, any where nil.
    public static func list<Element>(of kind: SettingKind<Element>, count: Int? = nil) -> Self
    where Value == [Element] {
        SettingKind(
            "a list of \(count.map { "\($0) " } ?? "")\(kind.plural)",
            decode: { node in
                guard case .list(let elements) = node.content,
                    elements.count == count ?? elements.count
                else { return nil }
                let values = elements.compactMap(kind.decode)
                return values.count == elements.count ? values : nil
            },
            resolve: { .flowList($0.map(kind.resolve)) })
    }

    /// A name and what it stands for.
    static func name<Choice>(of choices: [String: Choice]) -> Self
    where Value == (name: String, choice: Choice) {
        SettingKind(
            "one of " + choices.keys.sorted().joined(separator: ", "),
            decode: { node in
                node.text.flatMap { name in choices[name].map { (name, $0) } }
            },
            resolve: { .text($0.name) })
    }
}
