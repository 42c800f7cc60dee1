import ArrayFiles
import CPUExecutor
import Datasets
import Evaluation
import FeatureNetworks
import Foundation
import TensorGraph
import Testing

@Suite("Feature networks")
struct FeatureNetworkTests {
    private func extractor(_ network: SmallNetwork = SmallNetwork()) throws -> FeatureExtractor {
        try FeatureExtractor(
            FeatureNetwork(data: network.data(), named: "small.safetensors"),
            on: CPUDevice(threads: 1))
    }

    @Test("features and class probabilities are those of the layers")
    func features() throws {
        let extractor = try extractor()
        #expect(extractor.network.featureCount == 2)
        #expect(extractor.network.classCount == 3)
        let result = try extractor.result(of: [0.5, -1, 1, 0.25], shape: [2, 2, 1])
        #expect(result.features[0, 0] == 0.75)
        #expect(result.features[0, 1] == 0.5)
        let probabilities = try #require(result.probabilities)
        let scores = [0.75, 0.5, 0].map { exp($0) }
        for (label, score) in scores.enumerated() {
            #expect(abs(probabilities[0, label] - score / scores.reduce(0, +)) < 1e-6)
        }
    }

    @Test("an image's features do not depend on how many others there are")
    func batches() throws {
        let extractor = try extractor()
        let samples = (0..<1000).map { (index: Int) -> Float in Float(index * 7919 % 1000) / 500 - 1
        }
        let all = try extractor.result(of: samples, shape: [2, 2, 1]).features
        let some = try extractor.result(of: Array(samples.prefix(12)), shape: [2, 2, 1]).features
        #expect(all.count == 250)
        #expect(some.count == 3)
        for row in 0..<3 { #expect(some[row, 0] == all[row, 0]) }
    }

    @Test("images as bytes and the same images as numbers have the same features")
    func bytes() throws {
        let images = try ImageSet(
            height: 2, width: 2, channels: 1, pixels: [0, 255, 51, 102, 255, 0, 0, 204])
        let extractor = try extractor()
        let result = try extractor.result(of: images).features
        #expect(
            result == (try extractor.result(of: images.scaled([0, 1]), shape: [2, 2, 1])).features)
        #expect(try extractor.result(of: images, rows: [0]).features.count == 1)
    }

    @Test("pixels are brought to the range that a network wants")
    func range() throws {
        var network = SmallNetwork()
        network.description += "\nrange: [0, 1]"
        let result = try extractor(network).result(of: [-1, -1, 1, 1], shape: [2, 2, 1])
        #expect(result.features[0, 0] == 2)
        #expect(result.features[0, 1] == 0)
    }

    @Test("a description may be JSON, and without a number all layers make features")
    func json() throws {
        var network = SmallNetwork()
        network.description =
            #"{"name": "small", "input": [2, 2, 1], "layers": ["flatten", {"linear": 2}]}"#
        network.tensors.removeLast(2)
        let extractor = try extractor(network)
        #expect(extractor.network.classCount == nil)
        #expect(try extractor.result(of: [0, 0, 0, 1], shape: [2, 2, 1]).probabilities == nil)
    }

    @Test("the same bytes have the same hash, others another")
    func hashes() throws {
        var other = SmallNetwork()
        other.tensors[1].values[0] = 0.5
        let hashes = try [SmallNetwork(), SmallNetwork(), other].map {
            try FeatureNetwork(data: $0.data(), named: "a").sha256
        }
        #expect(hashes[0] == hashes[1])
        #expect(hashes[0] != hashes[2])
        #expect(hashes[0].count == 64)
    }

    @Test("samples of another shape are refused")
    func shapes() throws {
        let extractor = try extractor()
        #expect(throws: FeatureNetworkError.self) {
            try extractor.result(of: [0, 0, 0, 0], shape: [4, 1, 1])
        }
        let colour = try ImageSet(
            height: 2, width: 2, channels: 3, pixels: [UInt8](repeating: 0, count: 12))
        #expect(throws: FeatureNetworkError.self) { try extractor.result(of: colour) }
    }

    @Test("files that describe no network, or another one, are refused in one sentence")
    func refusals() throws {
        var broken: [(file: Data, fragment: String)] = [
            (try Safetensors.encode(SmallNetwork().tensors), "describes the layers"),
            (Data("nothing".utf8), "as safetensors"),
        ]
        for (from, to, fragment) in [
            ("linear: 3", "linear: 4", "its layers say [4, 2]"),
            ("linear: 3", "linear: 3\n  - linear: 1", "no tensor 3.weight"),
            ("linear: 3", "lineal: 3", "linear"),
            ("[2, 2, 1]", "[2, 2]", "height, width"),
            ("[2, 2, 1]", "[9999999, 9999999, 1]", "height, width"),
            ("features: 2", "features: 9", "features"),
            ("features: 2", "range: [1, 1]", "the smaller first"),
            ("features: 2", "extra: 2", "extra"),
            ("- flatten", "- tanh", "flatten"),
            ("name: small", "name: [", "YAML"),
        ] {
            var network = SmallNetwork()
            network.description = network.description.replacing(from, with: to)
            broken.append((try network.data(), fragment))
        }
        var infinite = SmallNetwork()
        infinite.tensors[0].values[3] = .infinity
        broken.append((try infinite.data(), "not finite"))
        for (file, fragment) in broken {
            let error = #expect(throws: (any Error).self) {
                try FeatureNetwork(data: file, named: "a.safetensors")
            }
            #expect(error.map { "\($0)" }?.contains(fragment) == true, "\(error as Any)")
        }
    }
}
