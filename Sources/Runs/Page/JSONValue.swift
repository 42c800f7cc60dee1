package import Foundation

/// A value of a JSON object whose keys are known only when it is made.
package enum JSONValue: Codable, Sendable {
    case text(String)
    case integer(Int)
    case number(Double)
    case truth(Bool)
    case list([JSONValue])
    case object([String: JSONValue])
    /// There is no value, for a reason that stands beside it.
    case nothing

    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            self = .nothing
        } else if let members = try? container.decode([String: JSONValue].self) {
            self = .object(members)
        } else if let values = try? container.decode([JSONValue].self) {
            self = .list(values)
        } else if let number = try? container.decode(Int.self) {
            self = .integer(number)
        } else if let number = try? container.decode(Double.self) {
            self = .number(number)
        } else if let truth = try? container.decode(Bool.self) {
            self = .truth(truth)
        } else {
            self = .text(try container.decode(String.self))
        }
    }

    package func encode(to encoder: any Encoder) throws {
        switch self {
        case .text(let text): try encode(text, to: encoder)
        case .integer(let number): try encode(number, to: encoder)
        // JSON has no infinity.
        case .number(let number) where !number.isFinite: try encode("\(number)", to: encoder)
        case .number(let number): try encode(number, to: encoder)
        case .truth(let truth): try encode(truth, to: encoder)
        case .list(let values): try encode(values, to: encoder)
        case .object(let members): try encode(members, to: encoder)
        case .nothing: try encode(Double?.none, to: encoder)
        }
    }

    private func encode(_ value: some Encodable, to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(value)
    }

    /// A whole number, as text where it is beyond what most readers of JSON hold.
    package static func whole(_ number: UInt64) -> JSONValue {
        Int(exactly: number).map { .integer($0) } ?? .text("\(number)")
    }

    /// A number, or nothing for JSON to hold.
    package static func numbers(_ values: [Double]) -> JSONValue {
        .list(values.map { .number($0) })
    }

    /// The member of an object; nil where it has none.
    subscript(_ key: String) -> JSONValue? {
        if case .object(let members) = self { members[key] } else { nil }
    }

    /// The values of a list; nil for what is none.
    var list: [JSONValue]? { if case .list(let values) = self { values } else { nil } }

    /// The number, whole or not; nil for what is none.
    var double: Double? {
        switch self {
        case .integer(let number): Double(number)
        case .number(let number): number
        default: nil
        }
    }

    /// The value for people, on one line.
    package var shown: String {
        switch self {
        case .text(let text): text
        case .integer(let number): "\(number)"
        case .number(let number):
            number.isFinite ? number.formatted(significantDigits: 6) : "\(number)"
        case .truth(let truth): "\(truth)"
        case .nothing: "none"
        case .list(let values):
            values.prefix(12).map(\.shown).joined(separator: ", ")
                + (values.count > 12 ? ", …" : "")
        case .object(let members):
            members.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value.shown)" }
                .joined(separator: ", ")
        }
    }
}

extension JSONEncoder {
    /// Keys in alphabetical order, one line.
    package static var sorted: JSONEncoder {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return encoder
    }
}
