import Foundation
import OptimalTransport
import Testing

/// A file of reference values of other libraries, see section 0 of ../shared/reference/metrics.md.
struct GoldenFile: Decodable {
    struct Tensor: Decodable {
        let shape: [Int]
        let data: [Double]
    }

    /// A number, an array of numbers, or a word.
    enum Value: Decodable {
        case number(Double)
        case numbers([Double])
        case word(String)

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if let number = try? container.decode(Double.self) {
                self = .number(number)
            } else if let numbers = try? container.decode([Double].self) {
                self = .numbers(numbers)
            } else {
                self = .word(try container.decode(String.self))
            }
        }
    }

    struct Tolerance: Decodable {
        let abs: Double
        let rel: Double
    }

    struct Case: Decodable {
        let id: String
        let metric: String
        let inputs: [String: String]
        let params: [String: Value]
        let expected: [String: Value]
        let tol: Tolerance
    }

    let tensors: [String: Tensor]
    let cases: [Case]

    private static let folder = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "../shared/reference/golden")
        .standardizedFileURL

    static let arePresent = FileManager.default.fileExists(atPath: folder.path)

    static func read(_ name: String) throws -> GoldenFile {
        let decoder = JSONDecoder()
        decoder.nonConformingFloatDecodingStrategy = .convertFromString(
            positiveInfinity: "Infinity", negativeInfinity: "-Infinity", nan: "NaN")
        return try decoder.decode(
            GoldenFile.self, from: Data(contentsOf: folder.appending(path: name + ".json")))
    }
}

extension GoldenFile {
    func tensor(_ test: Case, _ role: String) throws -> Tensor {
        try #require(tensors[test.inputs[role] ?? ""], "\(test.id) has no \(role)")
    }

    /// The points of one role with the weights of another, if the case has any.
    func measure(_ test: Case, _ points: String, _ weights: String = "") throws -> DiscreteMeasure {
        let tensor = try tensor(test, points)
        let dimensions = tensor.shape.count == 2 ? tensor.shape[1] : 1
        guard test.inputs[weights] != nil else {
            return try DiscreteMeasure(tensor.data, dimensions: dimensions)
        }
        return try DiscreteMeasure(
            tensor.data, dimensions: dimensions, weights: self.tensor(test, weights).data)
    }
}

extension GoldenFile.Case {
    func number(_ parameter: String) throws -> Double {
        guard case .number(let number) = params[parameter] else {
            throw GoldenMistake(description: "\(id) has no parameter \(parameter)")
        }
        return number
    }

    /// Compares everything that the case expects under these names, element by element.
    func expect(_ got: [String: [Double]]) {
        for (name, values) in got {
            let wanted: [Double]
            switch expected[name] {
            case .number(let number): wanted = [number]
            case .numbers(let numbers): wanted = numbers
            default:
                Issue.record("\(id) does not expect \(name)")
                continue
            }
            #expect(values.count == wanted.count, "\(id) \(name)")
            for (value, reference) in zip(values, wanted) {
                let close =
                    value == reference
                    || abs(value - reference) <= tol.abs + tol.rel * abs(reference)
                #expect(close, "\(id) \(name): \(value) instead of \(reference)")
            }
        }
    }

    /// That no expected value was left out, but for those named.
    func expectAll(_ got: [String: [Double]], but others: Set<String> = []) {
        expect(got)
        #expect(Set(expected.keys) == Set(got.keys).union(others), "\(id)")
    }
}

struct GoldenMistake: Error {
    let description: String
}
