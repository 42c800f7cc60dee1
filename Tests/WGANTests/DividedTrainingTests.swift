import CPUExecutor
import Foundation
import GraphTestSupport
import NeuralNetworks
import StrictYAML
import TensorGraph
import Testing
import WGAN

@Suite("Trainings with divided batches")
struct DividedTrainingTests {
    /// Presets with small batches, such that all constraints, normalisations and averages occur.
    private static let trainings: [(preset: String, settings: [String])] = [
        ("mixture", ["batchSize=16"]),
        ("gaussians8", ["batchSize=16", "averaging={decay: 0.9}"]),
        ("mixture-orthonormal", ["batchSize=8"]),
        ("mnist-dcgan", ["batchSize=8"]),
        ("mnist-gp", ["batchSize=8", "averaging={halfLife: 100}"]),
        ("mnist-conditional", ["batchSize=8"]),
        ("digits", ["batchSize=8"]),
    ]

    /// Made-up samples, each batch of its own.
    private struct Noise: SampleSource {
        let sampleShape: Shape
        let classCount: Int? = 10

        func fill(_ batch: Batch, number: Int) {
            for index in batch.samples.indices {
                batch.samples[index] = Float(sin(Double(index * 37 + number * 1009)))
            }
            for index in batch.labels?.indices ?? 0..<0 {
                batch.labels?[index] = Float((index + number) % 10)
            }
        }
    }

    private struct Course: Equatable, Sendable {
        var losses: [[UInt64]] = []
        var weights: [[UInt32]] = []
    }

    private static func course(
        _ index: Int, shards: Int, steps: Int, on device: CPUDevice
    ) throws -> (bits: Course, losses: [[Double]]) {
        let (preset, settings) = trainings[index]
        let document = try Presets.named(preset).document()
        for setting in settings + ["shards=\(shards)"] { try document.set(setting) }
        let configuration = try TrainingConfiguration(document)
        let source = Noise(sampleShape: configuration.data.sampleShape)
        let trainer = try Trainer(configuration.setup, data: source, on: device)
        var (course, losses) = (Course(), [[Double]]())
        try trainer.train(to: steps) { trainer in
            losses.append(trainer.losses.values)
            course.losses.append(trainer.losses.values.map(\.bitPattern))
        }
        course.weights = trainer.parameters.parameters.map {
            trainer.value(of: $0).map(\.bitPattern)
        }
        return (course, losses)
    }

    @Test("have the same bits on any number of processes", arguments: trainings.indices)
    func processes(index: Int) throws {
        let alone = try Self.course(index, shards: 4, steps: 2, on: CPUDevice(threads: 1)).bits
        #expect(alone.weights.count > 3)
        for count in [2, 4] {
            let found = try ThreadExchange.inProcesses(count) { exchange in
                try Self.course(
                    index, shards: 4, steps: 2, on: CPUDevice(threads: 1, exchange: exchange)
                ).bits
            }
            for each in found { #expect(each == alone, "\(count) processes") }
        }
    }

    @Test("begin as undivided ones do, but for rounding", arguments: trainings.indices)
    func meaning(index: Int) throws {
        let whole = try Self.course(index, shards: 1, steps: 1, on: CPUDevice(threads: 1)).losses
        let divided = try Self.course(index, shards: 2, steps: 1, on: CPUDevice(threads: 1)).losses
        // A step without an update of the generator has no loss of it.
        for (expected, found) in zip(whole.joined(), divided.joined()) where !expected.isNaN {
            #expect(abs(found - expected) <= 1e-3 * max(1, abs(expected)))
        }
    }

    @Test("gather no batch where networks go sample by sample", arguments: trainings.indices)
    func communication(index: Int) throws {
        let (preset, settings) = Self.trainings[index]
        let document = try Presets.named(preset).document()
        for setting in settings + ["shards=2"] { try document.set(setting) }
        let configuration = try TrainingConfiguration(document)
        var parameters = configuration.setup.parameters
        let shape = configuration.data.sampleShape
        let programs = [
            try CriticStep(configuration.setup, sampleShape: shape, in: &parameters).program,
            try GeneratorStep(configuration.setup, sampleShape: shape, in: &parameters).program,
        ]
        for program in programs {
            #expect(!program.instructions.contains { $0.operation is AllGather })
        }
    }

    @Test("refuse batches that do not fall into equal parts")
    func unequalParts() throws {
        let document = try Presets.named("mixture").document()
        try document.set("shards=3")
        let error = #expect(throws: (any Error).self) { try TrainingConfiguration(document) }
        #expect("\(error!)".contains("shards"))
    }
}
