import CPUExecutor
import Datasets
import FileTestSupport
import NeuralNetworks
import StrictYAML
import TensorGraph
import Testing
import WGAN

@Suite("Trainings that go on from a saved state")
struct ContinuationTests {
    /// Settings that give the state something to hold beside weights.
    private static let settings = [
        "averaging.decay=0.9", "learningRate.cosine={finalFactor: 0.1, steps: 9}",
        "critic.optimiser.adam.learningRate=1e-2",
    ]

    @Test(
        "have the bits of a training without a break, under every constraint",
        arguments: ConstraintReadingTests.constraints.map(\.yaml))
    func constraints(yaml: String) throws {
        let training = try configuration(smallYAML, Self.settings + ["constraint=\(yaml)"])
        try expectSameBits(training.setup, of: training, first: 3, all: 7)
    }

    @Test(
        "and where numbers change with the samples, penalties are lazy and averages ramp up",
        arguments: ["gradientPenalty: {coefficient: ", "r1: {gamma: "])
    func schedules(constraint: String) throws {
        let course = "{cosine: {from: 0.9, to: 0.1, samples: 100}}"
        let training = try configuration(
            smallYAML,
            [
                "critic.optimiser={adam: {learningRate: \(course), beta2: \(course)}}",
                "generator.optimiser={tensorFlowAdam: {learningRate: 1e-2, beta2: \(course)}}",
                "constraint={\(constraint)\(course)}}", "penaltyInterval=3",
                "averaging={halfLife: \(course), rampUp: 0.1}", "schedule.fixed=2",
            ])
        for first in [2, 3] {
            try expectSameBits(training.setup, of: training, first: first, all: 6)
        }
    }

    private static let optimiserNames: [String] = OptimiserCatalogue.all.map { kind in
        kind.configurationName
    }

    @Test("and with every optimiser", arguments: optimiserNames)
    func optimisers(name: String) throws {
        let settings = ["critic", "generator"].map { "\($0).optimiser.\(name).learningRate=1e-2" }
        let training = try configuration(smallYAML, settings)
        try expectSameBits(training.setup, of: training, first: 4, all: 6)
    }

    @Test(
        "and with every schedule of updates",
        arguments: ["fixed=3", "warmedUp=2", "alternating=3"])
    func schedules(schedule: String) throws {
        let training = try configuration(smallYAML, Self.settings + ["schedule.\(schedule)"])
        try expectSameBits(training.setup, of: training, first: 5, all: 8)
    }

    @Test(
        "and for every preset in the plane",
        arguments: try Presets.all.filter { preset in
            try TrainingConfiguration(preset.document()).data.distribution != nil
        }.map(\.name))
    func pointPresets(name: String) throws {
        let preset = try TrainingConfiguration(Presets.named(name).document())
        try expectSameBits(preset.setup, of: preset, first: 2, all: 4)
    }

    @Test(
        "and for digits, whose generator keeps statistics of its batches",
        .enabled(if: SharedData.isPresent, "the folder ../shared/data is not there"))
    func digits() throws {
        let document = try Presets.named("mnist-gp").document()
        for setting in ["data.mnist.split=test", "batchSize=8", "schedule.fixed=2"] {
            try document.set(setting)
        }
        let training = try TrainingConfiguration(document)
        try expectSameBits(
            training.setup, of: training, first: 2, all: 3, folder: SharedData.path("mnist"))
    }

    @Test("and where the first part ends within an epoch, or with one", arguments: [1, 2, 3])
    func epochs(first: Int) throws {
        let images = try ImageSet(
            height: 2, width: 1, channels: 1, pixels: (0..<26).map { UInt8(9 * $0) })
        var setup = try configuration(smallYAML, Self.settings).setup
        setup.schedule = .fixed(iterations: 2)
        setup.batchSize = 3
        var parameters = ParameterStore()
        setup.generator = parameters.scoped("generator") { store in
            Sequential(
                in: &store,
                [{ Linear(2, 2, in: &$0) }, { _ in Reshape(channels: 1, height: 2, width: 1) }])
        }
        setup.critic = parameters.scoped("critic") { store in
            Sequential(in: &store, [{ _ in Flatten() }, { Linear(2, 1, in: &$0) }])
        }
        setup.parameters = parameters
        let source = try ImageSource(images, batchSize: 3, seed: setup.seed)
        #expect(source.batchesPerEpoch == 4)
        #expect(source.position(ofBatch: 9) == .init(epoch: 2, batch: 1))
        try expectSameBits(setup, source: source, first: first, all: 5)
    }

    @Test("begin the state that the saved training did not keep, and say which")
    func newState() throws {
        let before = try trainer(["critic.optimiser.rmsprop.learningRate=1e-2"])
        try before.train(to: 3)
        let changed = ["averaging.decay=0.9", "critic.optimiser.adam.learningRate=1e-3"]
        let after = try trainer(changed)
        let anew = try after.restore(before.state)
        #expect(anew.contains("critic.0.weight.adam.v"))
        #expect(anew.contains("ema.generator.0.weight"))
        #expect(!anew.contains("critic.0.weight"))
        let weights = try #require(after.parameters["generator.0.weight"])
        let average = try #require(after.parameters["ema.generator.0.weight"])
        #expect(after.value(of: average) == after.value(of: weights))
        #expect(after.step == 3)
        try after.train(to: 4)
    }

    @Test("refuse the state of other networks, and stay as they are")
    func misfit() throws {
        let before = try trainer(["critic.layers.0.linear=6", "critic.layers.2.linear=1"])
        let after = try trainer([])
        let weight = try #require(after.parameters["critic.0.weight"])
        let values = after.value(of: weight)
        #expect {
            try after.restore(before.state)
        } throws: { error in
            "\(error)" == "the saved training was of other networks: critic.0.weight of shape "
                + "[5, 2] has the shape [6, 2] there; undo the change, or start a new run"
        }
        #expect(after.value(of: weight) == values && after.step == 0)
    }

    @Test(
        "a state with an infinite or undefined number says in which tensor",
        arguments: [
            Float.nan, .infinity,
        ])
    func nonFinite(value: Float) throws {
        var state = try trainer([]).state
        #expect(state.firstNonFinite == nil)
        state.tensors[2].values[0] = value
        #expect(state.firstNonFinite == state.tensors[2].name)
    }

    private func trainer(_ settings: [String]) throws -> Trainer {
        let training = try configuration(smallYAML, settings)
        return try Trainer(
            training.setup, data: training.data.source(batchSize: 8, seed: 0, folder: nil),
            on: CPUDevice(threads: 1))
    }
}

/// Trains without a break, and in two parts with a new device between them, and compares all bits.
private func expectSameBits(
    _ setup: TrainingSetup, of training: TrainingConfiguration, first: Int, all: Int,
    folder: String? = nil, sourceLocation: SourceLocation = #_sourceLocation
) throws {
    let source = try training.data.source(
        batchSize: setup.batchSize, seed: setup.seed, folder: folder)
    try expectSameBits(
        setup, source: source, first: first, all: all, sourceLocation: sourceLocation)
}

private func expectSameBits(
    _ setup: TrainingSetup, source: any SampleSource, first: Int, all: Int,
    sourceLocation: SourceLocation = #_sourceLocation
) throws {
    let trainer = { try Trainer(setup, data: source, on: CPUDevice(threads: 2)) }
    let whole = try trainer()
    try whole.train(to: all)
    let beginning = try trainer()
    try beginning.train(to: first)
    let rest = try trainer()
    #expect(try rest.restore(beginning.state) == [], sourceLocation: sourceLocation)
    #expect(rest.lastBatch == beginning.lastBatch, sourceLocation: sourceLocation)
    try rest.train(to: all)
    let (expected, found) = (whole.state, rest.state)
    for (expected, found) in zip(expected.tensors, found.tensors) {
        #expect(found.name == expected.name, sourceLocation: sourceLocation)
        #expect(
            found.values.map(\.bitPattern) == expected.values.map(\.bitPattern),
            "\(expected.name)", sourceLocation: sourceLocation)
    }
    #expect(found.tensors.count == expected.tensors.count, sourceLocation: sourceLocation)
    for (name, quantity) in StepLosses.quantities {
        #expect(
            found.losses[keyPath: quantity].bitPattern
                == expected.losses[keyPath: quantity].bitPattern, "\(name)",
            sourceLocation: sourceLocation)
    }
    #expect(rest.dataPosition == whole.dataPosition, sourceLocation: sourceLocation)
    #expect(
        try rest.sample(5).map(\.bitPattern) == whole.sample(5).map(\.bitPattern),
        sourceLocation: sourceLocation)
}
