import Foundation
import OptimalTransport
import Testing

/// The reference values of other libraries, see section 4 of ../shared/reference/metrics.md.
struct GoldenTransport: Decodable {
    struct Tensor: Decodable {
        let shape: [Int]
        let data: [Double]
    }

    struct Case: Decodable {
        struct Parameters: Decodable {
            let p: Int?
            let norm: String?
        }
        struct Expected: Decodable {
            let w: Double?
            let cost: Double?
        }
        struct Tolerance: Decodable {
            let abs: Double
            let rel: Double
        }
        let id: String
        let metric: String
        let inputs: [String: String]
        let params: Parameters
        let expected: Expected
        let tol: Tolerance
    }

    let tensors: [String: Tensor]
    let cases: [Case]

    static let url = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "../shared/reference/golden/ot_nd.json").standardizedFileURL

    static let isPresent = FileManager.default.fileExists(atPath: url.path)
}

@Suite(
    "Optimal transport agrees with the reference libraries",
    .enabled(if: GoldenTransport.isPresent, "the folder ../shared/reference is not there"))
struct GoldenTransportTests {
    @Test("on equally many points of equal weight")
    func equalWeights() throws {
        let golden = try JSONDecoder().decode(
            GoldenTransport.self, from: Data(contentsOf: GoldenTransport.url))
        var compared = 0
        for test in golden.cases where test.metric == "wasserstein" && test.params.norm == "l2" {
            let x = try #require(golden.tensors[test.inputs["x"] ?? ""])
            let y = try #require(golden.tensors[test.inputs["y"] ?? ""])
            guard test.inputs["a"] == nil, test.inputs["b"] == nil, x.shape == y.shape else {
                continue
            }
            let order = try #require(test.params.p)
            let distance =
                switch order {
                case 1: try exactWasserstein1(x.data, y.data, dimensions: x.shape[1])
                case 2: try exactWasserstein2(x.data, y.data, dimensions: x.shape[1])
                default: Double.nan
                }
            let w = try #require(test.expected.w)
            let cost = try #require(test.expected.cost)
            let gotCost = order == 2 ? distance * distance : distance
            #expect(abs(distance - w) <= test.tol.abs + test.tol.rel * abs(w), "\(test.id)")
            #expect(abs(gotCost - cost) <= test.tol.abs + test.tol.rel * abs(cost), "\(test.id)")
            compared += 1
        }
        #expect(compared >= 4)
    }
}
