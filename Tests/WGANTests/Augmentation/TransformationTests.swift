import ConfigurationTestSupport
import Foundation
import GraphTestSupport
import NeuralNetworks
import Philox
import TensorGraph
import Testing
import WGAN

@Suite("Random changes of images")
struct TransformationTests {
    @Test("have the values and gradients that PyTorch gives for the same numbers")
    func golden() throws {
        let cases = try GoldenCase.all()
        #expect(
            Set(cases.map(\.name))
                == Set(TransformationCatalogue.all.map { $0.configurationName }))
        for golden in cases {
            let shape = Shape(golden.shape)
            let images = Variable("x", shape)
            let result = try golden.transformation.applied(
                to: images.tensor,
                numbers: .constant(golden.numbers, [shape[0], golden.numbers.count / shape[0]]),
                enabled: .constant(golden.enabled, [shape[0], 1]))
            let loss = (Tensor.constant(golden.weights, shape) * (result + 0.5 * result * result))
                .sum()
            let slope = gradients(of: loss, withRespectTo: [images.tensor])[0]
            let found = try evaluate([result, slope], ["x": golden.images])
            for (found, expected) in zip(found, [golden.result, golden.gradient]) {
                let errors = zip(found, expected).map { abs($0 - $1) }
                #expect(errors.largestError < 1e-12, "\(golden.name) of \(golden.shape)")
                #expect(found.count == expected.count)
            }
        }
    }

    @Test(
        "have first and second derivatives that agree with finite differences",
        arguments: TransformationTests.all.indices)
    func derivatives(index: Int) throws {
        let shape: Shape = [2, 4, 5, 2]
        let images = Variable("x", shape)
        let transformation = Self.all[index]
        let shown = transformation.applied(
            to: images.tensor,
            numbers: .constant(
                Array([0.3, 0.8, 0.9, 0.4].prefix(2 * transformation.numbersPerSample)),
                [2, transformation.numbersPerSample]), enabled: .filled(1, [2, 1]))
        let weights = { (stream: UInt32) in
            Tensor.constant(Self.numbers(shape.count, stream: stream), shape)
        }
        let loss = (weights(1) * shown * shown * shown).sum()
        let slope = gradients(of: loss, withRespectTo: [images.tensor])[0]
        let mixed = (weights(2) * slope).sum()
        let bend = gradients(of: mixed, withRespectTo: [images.tensor])[0]
        let (point, way) = (Self.numbers(shape.count, stream: 3), Self.numbers(40 * 2, stream: 4))
        let value = { (share: Double) in
            try evaluate(
                [loss, mixed], ["x": zip(point, way).map { $0 + share * $1 }]
            ).map { $0[0] }
        }
        let exact = try evaluate([slope, bend], ["x": point]).map { derivative in
            zip(derivative, way).reduce(0) { $0 + $1.0 * $1.1 }
        }
        let (ahead, behind) = (try value(1e-5), try value(-1e-5))
        for (number, expected) in exact.enumerated() {
            let found = (ahead[number] - behind[number]) / 2e-5
            #expect(abs(found - expected) < 1e-6 * (1 + abs(expected)))
            #expect(abs(expected) > 1e-3)
        }
    }

    @Test(
        "leave images as they are, to the bit, where they do not happen",
        arguments: TransformationTests.all.indices)
    func identity(index: Int) throws {
        let images = Self.numbers(3 * 6 * 5 * 3, stream: 5)
        let streams = RandomStreams()
        let shown = Augmentation([Self.all[index]]).applied(
            to: .constant(images, [3, 6, 5, 3]), probability: 0, streams: streams)
        #expect(try evaluate([shown])[0] == images)
    }

    @Test("brightness, saturation and contrast change mean, colour and spread as often each way")
    func colour() throws {
        // Each pixel, and the image, has the mean 0.2; each number is 0.1 apart from it.
        let pixels = (0..<8).flatMap { $0 % 2 == 0 ? [0.3, 0.1] : [0.1, 0.3] }
        let count = 4000
        let images = Tensor.constant(pixels, [1, 2, 4, 2]).broadcast(to: [count, 2, 4, 2])
        let shown = try [Brightness() as any SampleTransformation, Saturation(), Contrast()]
            .enumerated().map { stream, transformation in
                let streams = RandomStreams(startingAt: UInt32(stream))
                let result = Augmentation([transformation]).applied(
                    to: images, probability: 1, streams: streams)
                return try evaluate([result.sliced(axis: 1, 0..<1).sliced(axis: 2, 0..<1)])[0]
            }
        // The first pixel, 0.3 and 0.1, of each image.
        let first = shown.map { values in
            (0..<count).map { SIMD2(values[2 * $0], values[2 * $0 + 1]) }
        }
        let brightness = first[0].map { $0[0] - 0.3 }
        expectUniform(brightness, -0.5...0.5)
        #expect(zip(first[0], brightness).allSatisfy { abs($0[1] - 0.1 - $1) < 1e-7 })
        expectUniform(first[1].map { ($0[0] - 0.2) / 0.1 }, 0...2)
        expectUniform(first[2].map { ($0[0] - 0.2) / 0.1 }, 0.5...1.5)
        for values in first[1...] {
            #expect(values.allSatisfy { abs($0[0] + $0[1] - 0.4) < 1e-7 })
        }
    }

    /// Mean and variance of a uniform distribution, within five standard errors.
    private func expectUniform(_ values: [Double], _ range: ClosedRange<Double>) {
        let (count, width) = (Double(values.count), range.upperBound - range.lowerBound)
        let mean = values.reduce(0, +) / count
        let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / count
        let expected = width * width / 12
        #expect(values.allSatisfy { range.lowerBound - 1e-6...range.upperBound + 1e-6 ~= $0 })
        #expect(
            abs(mean - (range.lowerBound + range.upperBound) / 2)
                < 5 * (expected / count).squareRoot())
        #expect(abs(variance - expected) < 5 * expected * (0.8 / count).squareRoot())
    }

    @Test("translation moves by each whole distance equally often, with zeros behind")
    func translation() throws {
        let (count, size) = (3000, 8)
        // One bright pixel in the middle stays within the image: the distance is at most 2.
        var image = [Double](repeating: 0, count: size * size)
        image[4 * size + 4] = 1
        let images = Tensor.constant(image, [1, size, size, 1])
            .broadcast(to: [count, size, size, 1])
        let streams = RandomStreams()
        let shown = Augmentation([Translation(ratio: 0.25)]).applied(
            to: images, probability: 1, streams: streams)
        let values = try evaluate([shown])[0]
        var found: [Int: Int] = [:]
        for index in 0..<count {
            let image = values[index * size * size..<(index + 1) * size * size]
            #expect(image.reduce(0, +) == 1)
            found[image.firstIndex(of: 1)! - image.startIndex, default: 0] += 1
        }
        let places = (2...6).flatMap { row in (2...6).map { row * size + $0 } }
        #expect(Set(found.keys) == Set(places))
        let expected = Double(count) / 25
        #expect(found.values.allSatisfy { abs(Double($0) - expected) < 6 * expected.squareRoot() })
    }

    @Test("cutout covers a rectangle of the size asked for, and less of it at the edges")
    func cutout() throws {
        let (count, size) = (2000, 8)
        let images = Tensor.filled(1, [count, size, size, 1])
        let streams = RandomStreams()
        let values = try evaluate([
            Augmentation([Cutout()]).applied(to: images, probability: 1, streams: streams)
        ])[0]
        var sizes: Set<Int> = []
        for index in 0..<count {
            let image = values[index * size * size..<(index + 1) * size * size]
            let covered = image.indices.filter { image[$0] == 0 }.map { $0 - image.startIndex }
            let rows = Set(covered.map { $0 / size })
            let columns = Set(covered.map { $0 % size })
            #expect(covered.count == rows.count * columns.count)
            #expect(rows.max()! - rows.min()! == rows.count - 1)
            #expect(columns.max()! - columns.min()! == columns.count - 1)
            sizes.formUnion([rows.count, columns.count])
        }
        #expect(sizes == [2, 3, 4])
        // Each of nine places equally often: 4 of the 8 pixels, but 2 and 3 at the edges.
        let share = Double(values.filter { $0 == 0 }.count) / Double(values.count)
        let expected: Double = 30 / 9 / 8
        #expect(abs(share - expected * expected) < 0.02)
    }

    @Test("happen to as many images as the probability says, each independently of the others")
    func probability() throws {
        let count = 4000
        let images = Tensor.filled(0, [count, 1, 1, 1])
        let streams = RandomStreams()
        let augmentation = Augmentation([Brightness(), Brightness(range: 1)])
        let shown = try evaluate([
            augmentation.applied(to: images, probability: 0.3, streams: streams)
        ])[0]
        let unchanged = Double(shown.filter { $0 == 0 }.count) / Double(count)
        #expect(abs(unchanged - 0.49) < 0.04)
        #expect(Set(shown).count > count / 3)
        #expect(streams.take() == 2)
    }

    @Test("are other ones for another seed, step and stream, and the same for the same")
    func seeds() throws {
        let shown = { (clock: RandomClock, stream: UInt32) in
            let streams = RandomStreams(startingAt: stream)
            return try evaluate(
                [
                    Augmentation([Brightness()]).applied(
                        to: .filled(0, [4, 1, 1, 1]), probability: 1, streams: streams)
                ], clock: clock)[0]
        }
        let results = try [
            shown(RandomClock(seed: 1, step: 1), 0), shown(RandomClock(seed: 1, step: 1), 0),
            shown(RandomClock(seed: 2, step: 1), 0), shown(RandomClock(seed: 1, step: 2), 0),
            shown(RandomClock(seed: 1, step: 1), 1),
        ]
        #expect(results[0] == results[1])
        #expect(Set(results).count == 4)
    }

    @Test("points have no colours: what is no batch of images is an error")
    func points() {
        let streams = RandomStreams()
        let shown = Augmentation([Brightness()]).applied(
            to: .filled(0, [4, 2]), probability: 1, streams: streams)
        #expect { _ = try Program(outputs: [("x", shown)]) } throws: {
            "\($0)".contains("augmentation takes images [N, H, W, C], not a tensor of shape [4, 2]")
        }
    }

    @Test("stand in the catalogue, all of the folder and no other")
    func catalogue() throws {
        let listed = TransformationCatalogue.all.map { String(describing: $0) }
        #expect(
            try Set(listed)
                == conformances(to: "ConfigurableTransformation", in: "WGAN/Augmentation"))
        #expect(Set(TransformationCatalogue.all.map { $0.configurationName }).count == listed.count)
    }

    static let all: [any SampleTransformation] = [
        Brightness(), Saturation(), Contrast(), Translation(ratio: 0.4), Cutout(),
    ]

    /// Standard normal numbers.
    private static func numbers(_ count: Int, stream: UInt32) -> [Double] {
        var random = RandomStream(seed: 11, stream: stream)
        return (0..<count).map { _ in Double(random.nextNormal()) }
    }
}

/// A case of Golden/golden.json, which Golden/make_golden.py writes.
private struct GoldenCase: Decodable {
    let name: String
    let setting: Double
    let shape: [Int]
    let images: [Double]
    let numbers: [Double]
    let enabled: [Double]
    let weights: [Double]
    let result: [Double]
    let gradient: [Double]

    private struct File: Decodable { let cases: [GoldenCase] }

    static func all() throws -> [GoldenCase] {
        let url = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "Golden/golden.json")
        return try JSONDecoder().decode(File.self, from: Data(contentsOf: url)).cases
    }

    var transformation: any SampleTransformation {
        get throws {
            switch name {
            case "brightness": Brightness(range: setting)
            case "saturation": Saturation(range: setting)
            case "contrast": Contrast(range: setting)
            case "translation": Translation(ratio: setting)
            case "cutout": Cutout(ratio: setting)
            default: throw UnknownTransformation(name: name)
            }
        }
    }
}

/// A name in the golden file that no transformation has.
private struct UnknownTransformation: Error { let name: String }
