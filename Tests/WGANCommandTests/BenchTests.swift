import ArrayFiles
import Foundation
import NeuralNetworks
import TensorGraph
import Testing
import WGANCommand

@Suite("The benchmark")
struct BenchTests {
    private let place: Workplace

    init() throws { place = try Workplace() }

    @Test("answers with one JSON object of what was measured")
    func json() throws {
        let outcome = try place.wgan(["bench", "W1", "--iterations", "3", "--json"])
        #expect(outcome.code == 0, "\(outcome.errors)")
        let object = try #require(
            JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
        #expect(object["workload"] as? String == "W1")
        #expect(object["iterations"] as? Int == 3)
        #expect((object["times_ms"] as? [Double])?.count == 3)
        for key in ["median_ms", "min_ms", "peak_rss_mb", "compiled_s", "first_iteration_s"] {
            #expect(try #require(object[key] as? Double) > 0, "\(key)")
        }
    }

    @Test("shows both programs' operations with their times")
    func profile() throws {
        let outcome = try place.wgan([
            "bench", "W1", "--iterations", "2", "--batch", "8", "--width", "5",
        ])
        #expect(outcome.code == 0, "\(outcome.errors)")
        #expect(outcome.output.contains("\ncritic step\n"))
        #expect(outcome.output.contains("\ngenerator step\n"))
        #expect(outcome.output.contains(/GFLOP\/s.*dot_general/))
    }

    @Test("computes one iteration from given numbers, the same each time")
    func check() throws {
        let programs = try Workload.w3.programs(batchSize: nil, width: nil)
        var tensors: [Safetensors.Tensor] = []
        for parameter in programs.store.parameters where parameter.role != .state {
            let values = (0..<parameter.shape.count).map { Float($0 % 7 - 3) / 64 }
            tensors.append((parameter.name, parameter.shape.dimensions, values))
        }
        let draws = (0..<5).map { "critic/\($0)" } + ["generator"]
        for draw in draws {
            for (kind, width) in [("real", 2), ("latent", 2), ("alpha", 1)] {
                let values = (0..<256 * width).map { Float($0 % 11) / 11 }
                tensors.append(("draw/\(draw)/\(kind)", [256, width], values))
            }
        }
        let folder = place.folder
        try Safetensors.write(tensors, to: folder.appendingPathComponent("inputs.safetensors"))
        var results: [[Float]] = []
        for _ in 0..<2 {
            let outcome = try place.wgan(["bench", "W3", "--check", "."])
            #expect(outcome.code == 0, "\(outcome.errors)")
            let file = try SafetensorsFile(
                contentsOf: folder.appendingPathComponent("outputs.safetensors"))
            let losses = try (0..<5).map { try file.tensor(named: "loss/critic/\($0)").values[0] }
            #expect(losses.allSatisfy(\.isFinite) && Set(losses).count > 1)
            results.append(try file.tensor(named: "generator.0.weight").values + losses)
        }
        #expect(results[0] == results[1])
    }

    @Test(
        "refuses what cannot be measured in one sentence",
        arguments: [
            ["bench", "W9"], ["bench", "W1", "--iterations", "0"],
            ["bench", "W1", "--batch", "-1"],
            ["bench", "W1", "--check", "nowhere"],
        ])
    func refusals(arguments: [String]) throws {
        let outcome = try place.wgan(arguments)
        #expect(outcome.code != 0)
        #expect(outcome.output.isEmpty)
        #expect(!outcome.errors.isEmpty)
    }
}
