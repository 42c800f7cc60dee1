/// A value of a JSON object whose keys are known only when it is made.
enum JSONValue: Encodable {
    case text(String)
    case integer(Int)
    case number(Double)
    case list([JSONValue])
    case object([String: JSONValue])

    func encode(to encoder: any Encoder) throws {
        switch self {
        case .text(let text): try encode(text, to: encoder)
        case .integer(let number): try encode(number, to: encoder)
        // JSON has no infinity.
        case .number(let number) where !number.isFinite: try encode("\(number)", to: encoder)
        case .number(let number): try encode(number, to: encoder)
        case .list(let values): try encode(values, to: encoder)
        case .object(let members): try encode(members, to: encoder)
        }
    }

    private func encode(_ value: some Encodable, to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(value)
    }

    /// A number, or nothing for JSON to hold.
    static func numbers(_ values: [Double]) -> JSONValue { .list(values.map { .number($0) }) }

    /// The value for people, on one line.
    var shown: String {
        switch self {
        case .text(let text): text
        case .integer(let number): "\(number)"
        case .number(let number):
            number.isFinite ? number.formatted(significantDigits: 6) : "\(number)"
        case .list(let values):
            values.prefix(12).map(\.shown).joined(separator: ", ")
                + (values.count > 12 ? ", …" : "")
        case .object(let members):
            members.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value.shown)" }
                .joined(separator: ", ")
        }
    }
}
