import ArrayFiles
import CPUExecutor
import Datasets
import Evaluation
import FileTestSupport
import Foundation
import Philox
import TensorGraph
import Testing

@testable import FeatureNetworks

@Suite("Random features")
struct RandomFeaturesTests {
    @Test("have the same weights everywhere: those of the hash that they are known by")
    func hash() throws {
        let network = try RandomFeatures.network
        #expect(network.sha256 == RandomFeatures.sha256)
        #expect(network.name == RandomFeatures.networkName)
        #expect(network.featureCount == 512 && network.classCount == nil && network.resizes)
    }

    @Test("come from weights whose rows, or columns, are orthonormal but for the factor √2")
    func weights() throws {
        let file = try SafetensorsFile(data: RandomFeatures.safetensors())
        for name in ["0.weight", "2.weight"] {
            let tensor = try file.tensor(named: name)
            let (rows, columns) = (tensor.shape[0], tensor.shape.dropFirst().reduce(1, *))
            let isWide = columns >= rows
            let (count, length) = isWide ? (rows, columns) : (columns, rows)
            for (first, second) in [(0, 0), (0, 1), (3, 7), (count - 1, count - 1)] {
                let product = (0..<length).reduce(0.0) { sum, place in
                    let at = { (index: Int) in
                        isWide ? index * columns + place : place * columns + index
                    }
                    return sum + Double(tensor.values[at(first)] * tensor.values[at(second)])
                }
                #expect(abs(product - (first == second ? 2 : 0)) < 1e-5, "\(name)")
            }
        }
    }

    @Test("grey images are seen as colour images of three equal channels")
    func grey() throws {
        let extractor = try FeatureExtractor(RandomFeatures.network, on: CPUDevice(threads: 1))
        var random = RandomStream(seed: 3, stream: 0)
        let grey = (0..<2 * 64 * 64).map { _ in 2 * random.nextUniform() - 1 }
        let colour = grey.flatMap { [$0, $0, $0] }
        let seen = try extractor.result(of: grey, shape: [64, 64, 1]).features
        #expect(try extractor.result(of: colour, shape: [64, 64, 3]).features == seen)
        #expect(extractor.takes([28, 28, 1]) && extractor.takes([100, 37, 3]))
        #expect(!extractor.takes([28, 28, 2]) && !extractor.takes([784]))
        #expect(throws: FeatureNetworkError.self) {
            try extractor.result(of: grey, shape: [2 * 64 * 64])
        }
    }

    @Test(
        "halves of one data set are alike, and growing damage is seen to grow",
        .enabled(if: SharedData.isPresent, "the folder ../shared/data is not there"))
    func damage() throws {
        let images = try ImageSet.mnist(.fashion, .test, folder: SharedData.folder)
        let extractor = try FeatureExtractor(RandomFeatures.network, on: CPUDevice(threads: 2))
        let count = 300
        let real = try extractor.result(of: images, rows: Array(0..<count)).features
        let other = images.scaled(Array(count..<2 * count))
        let distance = { (samples: [Float]) -> Double in
            let features = try extractor.result(of: samples, shape: [28, 28, 1]).features
            return try KernelDistance(features, real).value
        }
        let alike = try distance(other)
        var random = RandomStream(seed: 5, stream: 0)
        let noise = other.map { _ in random.nextNormal() }
        let noisy = try [0.1, 0.2, 0.4].map { (level: Float) in
            try distance(zip(other, noise).map { min(1, max(-1, $0 + level * $1)) })
        }
        #expect(noisy[0] > alike && noisy[1] > 1.5 * noisy[0] && noisy[2] > 1.5 * noisy[1])
        let labels = try #require(images.labels)
        let missing = try [5, 8].map { first in
            let kept = (count..<6 * count).filter { labels[$0] >= first }.prefix(count)
            return try distance(images.scaled(Array(kept)))
        }
        #expect(missing[0] > 4 * abs(alike) && missing[1] > missing[0])
    }
}

@Suite("Images made to fit a network")
struct ImageFittingTests {
    /// Seven rows of five pixels.
    private static let image: [Float] = (0..<35).map { Float($0 * 37 % 23) / 11.5 - 1 }

    private func fitted(
        _ image: [Float], from source: [Int], to target: [Int]
    ) throws -> [Float] {
        let fitting = try #require(ImageFitting(from: source, to: target))
        let count = image.count / source.reduce(1, *)
        var room = [Float](repeating: 9, count: count * target.reduce(1, *))
        room.withUnsafeMutableBufferPointer { room in
            fitting.fill(room, count: count) { _ = $0.update(fromContentsOf: image) }
        }
        return room
    }

    /// Made with Pillow 11's `Image.resize(…, Image.LANCZOS)` of mode F.
    @Test(
        "have the values of Pillow's filter",
        arguments: [
            (
                [3, 8, 1],
                [
                    -1.09247, -0.3852149, 0.2789742, -0.3743939, -0.1905375, 0.8197639, 0.4133038,
                    -0.2103155, -0.8879282, -0.1936973, 0.4938444, -0.0645861, -0.2439122,
                    0.3005192, 0.2783176, 0.0902995, -0.6833861, -0.01724434, 0.7206605, 0.366977,
                    -0.5956054, -1.055891, -0.2493827, 0.5020369,
                ] as [Float]
            ),
            ([2, 2, 1], [-0.2605356, 0.2553804, -0.03214225, -0.1134934]),
        ])
    func golden(target: [Int], expected: [Float]) throws {
        let found = try fitted(Self.image, from: [7, 5, 1], to: target)
        for (value, expected) in zip(found, expected) { #expect(abs(value - expected) < 1e-5) }
    }

    @Test("stay as they are where they fit, and stay flat where they are flat")
    func identity() throws {
        #expect(try fitted(Self.image, from: [7, 5, 1], to: [7, 5, 1]) == Self.image)
        let flat = try fitted(
            [Float](repeating: 0.25, count: 300), from: [10, 10, 3], to: [4, 7, 3])
        #expect(flat.allSatisfy { abs($0 - 0.25) < 1e-6 })
    }

    @Test("a pattern finer than the pixels of the result becomes even grey")
    func aliasing() throws {
        let board = (0..<32 * 32).map { (place: Int) -> Float in
            (place / 32 + place % 32).isMultiple(of: 2) ? 1 : -1
        }
        let small = try fitted(board, from: [32, 32, 1], to: [8, 8, 3])
        #expect(small.count == 192 && small.allSatisfy { abs($0) < 0.06 })
    }

    @Test("are those of one network's channels or grey, and nothing else")
    func refusals() {
        #expect(ImageFitting(from: [8, 8, 3], to: [8, 8, 1]) == nil)
        #expect(ImageFitting(from: [8, 8], to: [8, 8, 1]) == nil)
        #expect(ImageFitting(from: [0, 8, 1], to: [8, 8, 1]) == nil)
    }
}
