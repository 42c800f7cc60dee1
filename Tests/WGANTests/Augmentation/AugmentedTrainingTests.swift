import CPUExecutor
import ConfigurationTestSupport
import Datasets
import GraphTestSupport
import NeuralNetworks
import StrictYAML
import TensorGraph
import Testing

@testable import WGAN

@Suite("Trainings with augmentation")
struct AugmentedTrainingTests {
    private static let all: [any SampleTransformation] = [
        Brightness(), Saturation(), Contrast(), Translation(ratio: 0.25), Cutout(),
    ]

    /// Images of 4×4 pixels: 24 of them, each of one colour.
    private static let images: ImageSet = {
        let pixels = (0..<24).flatMap { [UInt8](repeating: UInt8(10 * $0 + 5), count: 48) }
        return try! ImageSet(height: 4, width: 4, channels: 3, pixels: pixels)
    }()

    private func trainer(
        _ augmentation: Augmentation?, constraint: any LipschitzConstraint = GradientPenalty(),
        _ change: (inout TrainingSetup) -> Void = { _ in }
    ) throws -> Trainer {
        var store = ParameterStore()
        let generator = store.scoped("generator") { store in
            Sequential(
                in: &store,
                [{ Linear(2, 48, in: &$0) }, { _ in Reshape(channels: 3, height: 4, width: 4) }])
        }
        let critic = store.scoped("critic") { store in
            Sequential(
                in: &store,
                [
                    { _ in Flatten() }, { Linear(48, 8, in: &$0) }, { _ in LeakyReLU(slope: 0.2) },
                    { Linear(8, 1, in: &$0) },
                ])
        }
        var setup = TrainingSetup(
            latent: Latent(size: 2), generator: generator, critic: critic, parameters: store,
            constraint: constraint, optimiser: Adam(learningRate: 1e-2, beta1: 0, beta2: 0.9),
            schedule: .fixed(iterations: 3), batchSize: 8, seed: 3)
        setup.augmentation = augmentation
        change(&setup)
        return try Trainer(
            setup, data: ImageSource(Self.images, batchSize: 8, seed: setup.seed),
            on: CPUDevice(threads: 2))
    }

    @Test("with the probability 0 have the bits of trainings without augmentation")
    func identity() throws {
        let clipping = WeightClipping(bound: 0.1)
        let without = try trainer(nil, constraint: clipping)
        let never = try trainer(
            Augmentation(Self.all, probability: .scheduled(0)), constraint: clipping)
        let always = try trainer(Augmentation(Self.all), constraint: clipping)
        for trainer in [without, never, always] { try trainer.train(to: 5) }
        #expect(try without.sample(9) == never.sample(9))
        #expect(try without.sample(9) != always.sample(9))
        #expect(always.losses.augmentationProbability == 1)
        #expect(never.losses.augmentationProbability == 0)
    }

    @Test("every transformation changes what both networks learn")
    func effect() throws {
        let without = try trainer(nil)
        try without.train(to: 1)
        for transformation in Self.all {
            let trainer = try trainer(Augmentation([transformation]))
            try trainer.train(to: 1)
            for name in ["critic.1.weight", "generator.0.weight"] {
                let (mine, other) = (
                    try #require(trainer.parameters[name]), try #require(without.parameters[name])
                )
                #expect(trainer.value(of: mine) != without.value(of: other), "\(transformation)")
            }
        }
    }

    @Test(
        "go on with the same bits, wherever they are broken off",
        arguments: [1, 2, 3, 4],
        [
            Augmentation.Probability.adaptive(
                AdaptiveProbability(target: 0.2, samples: 100, initial: 0.3)),
            .scheduled(.linear(from: 0, to: 1, over: 100)),
        ])
    func continuation(first: Int, probability: Augmentation.Probability) throws {
        let make = {
            try trainer(Augmentation(Self.all, probability: probability)) { $0.penaltyInterval = 2 }
        }
        let (whole, beginning, rest) = (try make(), try make(), try make())
        try whole.train(to: 7)
        try beginning.train(to: first)
        #expect(try rest.restore(beginning.state) == [])
        try rest.train(to: 7)
        #expect(rest.losses == whole.losses)
        for (found, expected) in zip(rest.state.tensors, whole.state.tensors) {
            #expect(found.name == expected.name)
            #expect(found.values.map(\.bitPattern) == expected.values.map(\.bitPattern))
        }
    }

    @Test("an adaptive probability moves every fourth update by the mean overfitting's side")
    func adaptation() throws {
        let adaptive = AdaptiveProbability(target: 0.3, samples: 160, initial: 0.5)
        let trainer = try trainer(Augmentation(Self.all, probability: .adaptive(adaptive))) {
            $0.schedule = .fixed(iterations: 1)
        }
        // 8 samples in a batch, 4 updates from move to move: 0.2 each.
        var (expected, seen) = (0.5, [Double]())
        var values: Set<Double> = []
        try trainer.train(to: 60) { trainer in
            #expect(abs(trainer.losses.augmentationProbability - expected) < 1e-5)
            values.insert((10 * expected).rounded())
            seen.append(trainer.losses.overfitting)
            guard seen.count == 4 else { return }
            expected += 0.2 * (seen.reduce(0, +) / 4 > 0.3 ? 1 : -1)
            expected = min(max(expected, 0), 1)
            seen = []
        }
        #expect(values.count > 1)
        #expect(trainer.losses.overfitting != 0)
    }

    @Test("a critic that is surer than the target brings the probability up to 1, and no higher")
    func saturation() throws {
        for (target, end) in [(-1.0, 1.0), (1.0, 0.0)] {
            let adaptive = AdaptiveProbability(target: target, samples: 64, initial: 0.5)
            let trainer = try trainer(
                Augmentation([Brightness()], probability: .adaptive(adaptive)))
            try trainer.train(to: 12)
            #expect(trainer.losses.augmentationProbability == end)
        }
    }

    @Test("overfitting is the balance of real scores about the half-way point, or about zero")
    func measure() throws {
        let (real, generated) = (
            Tensor.constant([5, 3, 1, 1], [4]), Tensor.constant([-1, 0, 2, 3], [4])
        )
        // Means 2.5 and 1: half-way is 1.75.
        let found = try evaluate([
            Overfitting.measure(real: real, generated: generated, isAroundZero: false),
            Overfitting.measure(real: real - 2, generated: generated, isAroundZero: true),
            Overfitting.measure(real: real + 100, generated: generated + 100, isAroundZero: false),
            Overfitting.measure(real: real + 9, generated: generated, isAroundZero: true),
        ]).map { $0[0] }
        #expect(found == [0, 0, 0, 1])
    }

    @Test("zero divides the scores of objectives that classify, and of no others")
    func dividingScore() throws {
        let (real, generated) = (
            Tensor.constant([9, 8, 6], [3]), Tensor.constant([1, 3, 5], [3])
        )
        let objectives: [(any Objective, Double)] = [
            (ClassicalObjective(), 1), (HingeObjective(), 1), (WassersteinObjective(), 1),
            (RelativisticObjective(), 1),
        ]
        for (objective, expected) in objectives {
            var setup = SmallTraining().setup
            setup.objective = objective
            #expect(
                try evaluate([setup.overfitting(real: real, generated: generated)]) == [[expected]])
            // All scores lower by ten: the half-way point moves along, zero does not.
            let moved = try evaluate([
                setup.overfitting(real: real - 10, generated: generated - 10)
            ])
            #expect(moved == [[objective.dividesAtZero ? -1 : 1]])
        }
    }

    @Test("a view of real images is what the transformations make of them")
    func view() throws {
        let values = (0..<96).map { Float($0) / 96 }
        let augmentation = Augmentation([Translation(ratio: 0.25), Brightness()])
        let view = { (probability: Double, seed: UInt64) in
            try augmentation.applied(
                to: values, of: [4, 4, 3], probability: probability, seed: seed,
                on: CPUDevice(threads: 1))
        }
        #expect(try view(0, 1) == values)
        #expect(try view(1, 1) != values)
        #expect(try view(1, 1) == view(1, 1))
        #expect(try view(1, 1) != view(1, 2))
    }
}

@Suite("Augmentation in configurations")
struct AugmentationReadingTests {
    private static let imagesYAML = """
        name: images
        data: mnist
        batchSize: 2
        latent: {size: 2}
        generator:
          layers:
          - linear: 784
          - reshape: {channels: 1, height: 28, width: 28}
          - tanh
          optimiser: {rmsprop: {learningRate: 5e-5}}
        critic:
          layers: [flatten, {linear: 1}]
          optimiser: {rmsprop: {learningRate: 5e-5}}
        constraint: clipping
        steps: 10

        """

    @Test("is read, written and read again", arguments: 0..<3)
    func reading(index: Int) throws {
        let (yaml, transformations, probability) = Self.cases[index]
        let first = try configuration(Self.imagesYAML, "augmentation=\(yaml)")
        for training in [first, try configuration(first.resolvedYAML)] {
            let augmentation = try #require(training.setup.augmentation)
            #expect(areEqual(augmentation.transformations, transformations))
            #expect(augmentation.probability == .scheduled(probability))
        }
    }

    private static let cases: [(String, [any SampleTransformation], ScheduledNumber)] = [
        (
            "[colour, translation, cutout]",
            [Brightness(), Saturation(), Contrast(), Translation(), Cutout()], 1
        ),
        (
            "[{brightness: 0.1}, {saturation: {range: 0.2}}, {contrast: 0.3}]",
            [Brightness(range: 0.1), Saturation(range: 0.2), Contrast(range: 0.3)], 1
        ),
        (
            "{transformations: [{translation: 0.25}, {cutout: {ratio: 0.25}}], "
                + "probability: {linear: {from: 0, to: 0.3, samples: 10}}}",
            [Translation(ratio: 0.25), Cutout(ratio: 0.25)], .linear(from: 0, to: 0.3, over: 10)
        ),
    ]

    @Test("an adaptive probability has the paper's settings, or others")
    func adaptive() throws {
        let usual = try configuration(
            Self.imagesYAML, "augmentation={transformations: [colour], probability: adaptive}")
        #expect(usual.setup.augmentation?.probability == .adaptive(AdaptiveProbability()))
        let other = try configuration(
            Self.imagesYAML,
            "augmentation={transformations: [colour], probability: {adaptive: "
                + "{target: 0.5, interval: 8, samples: 1000, initial: 0.1}}}")
        for training in [other, try configuration(other.resolvedYAML)] {
            #expect(
                training.setup.augmentation?.probability
                    == .adaptive(
                        AdaptiveProbability(
                            target: 0.5, interval: 8, samples: 1000, initial: 0.1)))
        }
    }

    @Test(
        "mistakes are refused at their place",
        arguments: [
            (
                "[sepia]",
                "unknown kind 'sepia' for 'augmentation.transformations.0'; known kinds: "
                    + "brightness, colour, contrast, cutout, saturation and translation"
            ),
            (
                "[]",
                "'augmentation.transformations' are none; name some, such as 'translation', or "
                    + "remove the key"
            ),
            (
                "colour",
                "'augmentation' must be a mapping of settings, or a list, but is the text 'colour'"
            ),
            (
                "{transformations: [colour], probability: 1.5}",
                "'augmentation.probability' must be a finite number from 0 to 1, but is 1.5"
            ),
            (
                "{transformations: [colour], probability: {adaptive: {target: 2}}}",
                "'augmentation.probability.adaptive.target' must be a finite number from -1 to 1, "
                    + "but is 2"
            ),
            (
                "[{cutout: {zebra: 2}}]",
                "unknown key 'augmentation.transformations.0.cutout.zebra'; known here: ratio"
            ),
        ])
    func mistakes(yaml: String, message: String) {
        #expect {
            _ = try configuration(Self.imagesYAML, "augmentation=\(yaml)")
        } throws: { error in
            "\(error)".hasSuffix(message)
        }
    }

    @Test("points are refused, with the place of the key")
    func points() {
        #expect {
            _ = try configuration(smallYAML + "augmentation: [colour]\n")
        } throws: { error in
            "\(error)"
                == "a.yaml:17:15: 'augmentation' changes images, and this data has none; remove it"
        }
    }
}
