import CPUExecutor
import Datasets
import NeuralNetworks
import Philox
import TensorGraph
import Testing

@testable import WGAN

@Suite("Conditional trainings")
struct ConditionTests {
    /// Images of 2×2 pixels: dark ones of class 0, bright ones of class 1, with noise.
    private static let images: ImageSet = {
        var random = RandomStream(seed: 9, stream: 0)
        let labels = (0..<256).map { UInt16($0 % 2) }
        let pixels = labels.flatMap { label in
            (0..<4).map { _ in UInt8(Float(label == 0 ? 20 : 200) + 30 * random.nextUniform()) }
        }
        return try! ImageSet(height: 2, width: 2, channels: 1, pixels: pixels, labels: labels)
    }()

    private func setup(
        _ constraint: any LipschitzConstraint, concatenates: Bool = false
    ) -> TrainingSetup {
        var store = ParameterStore()
        let generator = store.scoped("generator") { store in
            Sequential(
                in: &store,
                [
                    { LabelConcatenation(2, 3, in: &$0) }, { Linear(5, 16, in: &$0) },
                    { _ in ReLU() }, { Linear(16, 4, in: &$0) },
                    { _ in Reshape(channels: 1, height: 2, width: 2) },
                ])
        }
        let critic = store.scoped("critic") { store in
            concatenates
                ? Sequential(
                    in: &store,
                    [
                        { LabelConcatenation(2, 3, in: &$0) }, { _ in Flatten() },
                        { Linear(16, 16, in: &$0) }, { _ in ReLU() }, { Linear(16, 1, in: &$0) },
                    ])
                : Sequential(
                    in: &store,
                    [
                        { _ in Flatten() }, { Linear(4, 16, in: &$0) }, { _ in ReLU() },
                        { LabelProjection(2, 16, in: &$0) },
                    ])
        }
        var setup = TrainingSetup(
            latent: Latent(size: 2), generator: generator, critic: critic, parameters: store,
            constraint: constraint, optimiser: Adam(learningRate: 5e-3, beta1: 0, beta2: 0.9),
            batchSize: 32, seed: 5)
        setup.condition = Condition(classes: 2)
        return setup
    }

    private func trainer(_ setup: TrainingSetup) throws -> Trainer {
        try Trainer(
            setup, data: ImageSource(Self.images, batchSize: setup.batchSize, seed: setup.seed),
            on: CPUDevice(threads: 1))
    }

    @Test("each class is learned apart", arguments: [false, true])
    func learning(concatenates: Bool) throws {
        let trainer = try trainer(setup(GradientPenalty(), concatenates: concatenates))
        try trainer.train(to: 200)
        // Classes follow each other: dark, bright, dark …
        let samples = try trainer.sample(100)
        let means = (0..<2).map { label in
            (0..<50).map {
                samples[(2 * $0 + label) * 4..<(2 * $0 + label) * 4 + 4].reduce(0, +) / 4
            }
            .reduce(0, +) / 50
        }
        #expect(abs(means[0] - -0.73) < 0.3)
        #expect(abs(means[1] - 0.69) < 0.3)
    }

    @Test("all constraints work, and equal trainings give equal bits")
    func constraints() throws {
        let constraints: [any LipschitzConstraint] = [
            WeightClipping(bound: 0.1), SpectralProjection(), SpectralReparametrisation(),
            GradientPenalty(points: .aroundData), GradientPenalty.r1(), GradientPenalty.r2(),
            CombinedConstraint([SpectralProjection(), GradientPenalty()]),
        ]
        for constraint in constraints {
            let weights = try (0..<2).map { _ in
                let trainer = try trainer(setup(constraint))
                try trainer.train(to: 4)
                return try trainer.sample(6).map(\.bitPattern)
            }
            #expect(weights[0] == weights[1])
        }
    }

    @Test("spectral projection bounds the projection of labels too")
    func spectral() throws {
        let trainer = try trainer(setup(SpectralProjection(method: .exact)))
        try trainer.train(to: 3)
        let parameter = try #require(trainer.parameters["critic.3.embedding.weight"])
        let values = trainer.value(of: parameter)
        for row in 0..<2 {
            let length = values[row * 16..<row * 16 + 16].reduce(0) { $0 + $1 * $1 }
            #expect(length < 1.001)
        }
    }

    @Test("drawn classes are whole, within range, and equally frequent")
    func drawing() throws {
        for classes in [2, 3, 10] {
            let drawn = Condition(classes: classes).sample(3000, stream: 4)
            let labels = try ReferenceExecutor().run(Program(outputs: [("y", drawn)]))["y"]!.values
            for label in 0..<classes {
                let share = Double(labels.count { $0 == Double(label) }) / 3000
                #expect(abs(share * Double(classes) - 1) < 0.25)
            }
            #expect(labels.allSatisfy { (0..<classes).contains(Int($0)) && $0 == $0.rounded() })
        }
    }

    @Test("a batch's labels are those of its images")
    func labels() throws {
        let source = try ImageSource(Self.images, batchSize: 16, seed: 3)
        #expect(source.classCount == 2)
        for batch in [0, 5, 16, 40] {
            let (pixels, classes) = labelled(source, batch, size: 16)
            for (index, label) in classes.enumerated() {
                #expect((pixels[index * 4] > 0) == (label == 1))
            }
        }
    }

    @Test("data without labels, and labels beyond the condition, are refused")
    func refusals() throws {
        var setup = setup(GradientPenalty())
        let bare = try ImageSet(
            height: 2, width: 2, channels: 1, pixels: Self.images.pixels, labels: nil)
        #expect(throws: TrainingError.self) {
            try Trainer(
                setup, data: ImageSource(bare, batchSize: 32, seed: 0), on: CPUDevice(threads: 1))
        }
        setup.condition = Condition(classes: 1)
        #expect(throws: TrainingError.self) { try trainer(setup) }
        setup.condition = Condition(classes: 2)
        let device = CPUDevice(threads: 1)
        #expect(throws: TrainingError.self) {
            try CriticAuditor(setup, sampleShape: [2, 2, 1], sampleCount: 4, on: device)
        }
    }
}
