import Foundation
import Testing

/// A file of schema `wgan-golden/1`: reference values of other libraries. See section 0 of
/// ../shared/reference/metrics.md.
package struct GoldenFile: Decodable {
    /// What a measure takes, and what it gives.
    package struct Case: Decodable {
        package let id: String
        package let metric: String
        /// The names of tensors by the roles that they play.
        package let inputs: [String: String]
        package let params: [String: GoldenValue]
        package let expected: [String: GoldenValue]
        package let tol: Tolerance
        /// The tolerance of an executor in single precision.
        package let tolF32: Tolerance
    }

    private let schema: String
    private let tensors: [String: GoldenTensor]
    package let cases: [Case]

    /// Reads one of the folder of golden values.
    package static func read(_ name: String) throws -> GoldenFile {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        decoder.nonConformingFloatDecodingStrategy = .convertFromString(
            positiveInfinity: "Infinity", negativeInfinity: "-Infinity", nan: "NaN")
        let data = try Data(contentsOf: SharedData.golden.appending(path: name))
        let file = try decoder.decode(GoldenFile.self, from: data)
        guard file.schema == "wgan-golden/1" else {
            throw GoldenMistake("\(name) has the schema \(file.schema)")
        }
        return file
    }

    /// The tensor that plays a role in a case.
    package func tensor(_ role: String, of test: Case) throws -> GoldenTensor {
        let name = try #require(test.inputs[role], "\(test.id) has no \(role)")
        return try #require(tensors[name], "there is no tensor \(name)")
    }
}

extension GoldenFile.Case {
    /// A parameter that is a number.
    package func number(_ parameter: String) throws -> Double {
        try #require(params[parameter]?.number, "\(id) has no number \(parameter)")
    }

    /// A parameter that is a whole number.
    package func count(_ parameter: String) throws -> Int {
        let number = try number(parameter)
        return try #require(Int(exactly: number), "\(id): \(parameter) is \(number)")
    }

    /// Compares everything that is expected under these names, element by element.
    package func expect(_ got: [String: [Double]]) throws {
        for (name, values) in got {
            let wanted = try #require(expected[name]?.numbers, "\(id) does not expect \(name)")
            try #require(values.count == wanted.count, "\(id) \(name)")
            for (value, reference) in zip(values, wanted) {
                #expect(
                    tol.allows(value, for: reference),
                    "\(id) \(name): \(value) instead of \(reference)")
            }
        }
    }

    /// The same, and that no expected value was left out but for those named.
    package func expectAll(_ got: [String: [Double]], but others: Set<String> = []) throws {
        #expect(Set(expected.keys) == Set(got.keys).union(others), "\(id)")
        try expect(got)
    }
}

/// What stands under a name: one number or several, a word or a decision; nothing where it is null.
package struct GoldenValue: Decodable {
    package let numbers: [Double]?
    package let word: String?
    package let decision: Bool?

    /// The only number.
    package var number: Double? { numbers?.count == 1 ? numbers?.first : nil }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let number = try? container.decode(Double.self)
        numbers = number.map { [$0] } ?? (try? container.decode([Double].self))
        word = try? container.decode(String.self)
        decision = try? container.decode(Bool.self)
        guard numbers != nil || word != nil || decision != nil || container.decodeNil() else {
            throw GoldenMistake("a value is no number, numbers, word or decision")
        }
    }
}

/// How far a number may be from the expected one: `abs + rel · |expected|`.
package struct Tolerance: Decodable {
    package let abs: Double
    package let rel: Double

    package init(abs: Double, rel: Double) { (self.abs, self.rel) = (abs, rel) }

    /// Whether `value` is near enough to `expected`; to an infinity only the same is.
    package func allows(_ value: Double, for expected: Double) -> Bool {
        guard expected.isFinite else { return value == expected }
        return Swift.abs(value - expected) <= abs + rel * Swift.abs(expected)
    }
}

/// A golden file that says something unknown.
package struct GoldenMistake: Error, CustomStringConvertible {
    package let description: String

    package init(_ description: String) { self.description = description }
}
