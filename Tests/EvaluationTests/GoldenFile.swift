import Evaluation
import FileTestSupport
import Foundation
import Testing

/// A file of reference values, see section 0.1 of ../shared/reference/metrics.md.
struct GoldenFile: Decodable {
    struct Case: Decodable {
        let id: String
        let metric: String
        let inputs: [String: String]
        let params: Parameters
        let expected: [String: Numbers]
        let tol: Tolerance
    }

    struct Parameters: Decodable {
        let weights: [Double]?
        let combination: String?
        let chromatic: Bool?
        let dropLast: Bool?
        let degree: Int?
        let gamma: Double?
        let coef0: Double?
        let rows: Int?
        let k: Int?
        let sizes: [Int]?
        let sigma: Double?
        let nSigma: Double?
        let minCount: Int?
        let meanP: Double?
        let meanQ: Double?
        let stdP: Double?
        let stdQ: Double?
    }

    struct Tolerance: Decodable {
        let abs: Double
        let rel: Double
    }

    let schema: String
    let tensors: [String: GoldenTensor]
    let cases: [Case]

    static var arePresent: Bool { SharedData.hasGolden }

    /// The names of the files about images.
    static var imageFiles: [String] {
        let names =
            (try? FileManager.default.contentsOfDirectory(atPath: SharedData.golden.path)) ?? []
        return names.filter { $0.hasPrefix("image_") && $0.hasSuffix(".json") }.sorted()
    }

    static func read(_ name: String) throws -> GoldenFile {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        let file = try decoder.decode(
            GoldenFile.self, from: Data(contentsOf: SharedData.golden.appending(path: name)))
        try #require(file.schema == "wgan-golden/1")
        return file
    }

    /// The tensor that plays a role in a case.
    func tensor(_ role: String, of test: Case) throws -> GoldenTensor {
        let name = try #require(test.inputs[role], "\(test.id) has no \(role)")
        return try #require(tensors[name], "there is no tensor \(name)")
    }

    /// The rows that play a role in a case.
    func features(_ role: String, of test: Case) throws -> FeatureMatrix {
        let tensor = try tensor(role, of: test)
        return try FeatureMatrix(try #require(tensor.data), dimensions: tensor.shape[1])
    }

    /// The images that play a role in a case.
    func images(_ role: String, of test: Case) throws -> SampleImages {
        try tensor(role, of: test).images()
    }
}

/// One number or several; "Infinity" and the like are strings, as JSON has no word for them.
struct Numbers: Decodable {
    let values: [Double]

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let number = try? container.decode(Double.self) {
            values = [number]
        } else if let word = try? container.decode(String.self) {
            values = [try #require(Double(word), "\(word) is not a number")]
        } else {
            values = try container.decode([Double].self)
        }
    }
}

/// Compares what a test got with everything that a case expects.
func expect(_ got: [String: [Double]], matches test: GoldenFile.Case) throws {
    #expect(Set(got.keys) == Set(test.expected.keys), "\(test.id)")
    for (name, expected) in test.expected {
        let values = got[name] ?? []
        try #require(values.count == expected.values.count, "\(test.id) \(name)")
        for (value, wanted) in zip(values, expected.values) {
            let isClose =
                value == wanted
                || abs(value - wanted) <= test.tol.abs + test.tol.rel * abs(wanted)
            #expect(isClose, "\(test.id) \(name): \(value) instead of \(wanted)")
        }
    }
}
