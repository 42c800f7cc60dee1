import ConfigurationTestSupport
import NeuralNetworks
import StrictYAML
import TensorGraph
import Testing
import WGAN

@Suite("Configurations of trainings")
struct TrainingConfigurationTests {
    @Test("what is not given has the documented default")
    func defaults() throws {
        let configuration = try configuration(smallYAML)
        #expect(configuration.setup.seed == 0)
        #expect(configuration.setup.schedule == .fixed(iterations: 5))
        #expect(configuration.setup.learningRate == 1)
        #expect(configuration.setup.averaging == nil)
        #expect(configuration.setup.objective is WassersteinObjective)
        #expect(
            areEqual(configuration.setup.parameters.initialisation, PyTorchInitialisation()))
        #expect(configuration.outputs.frames == nil)
        #expect(configuration.outputs.samples == nil)
        #expect(configuration.outputs.metricsEvery == 1)
        #expect(configuration.outputs.events?.histogramsEvery == 100)
        #expect(configuration.outputs.snapshotSteps(inTrainingOf: 10) == [])
    }

    @Test("every setting for both networks has its effect")
    func settings() throws {
        let configuration = try configuration(
            smallYAML, "seed=7", "latent.distribution=uniform", "schedule.warmedUp.iterations=3",
            "learningRate.linear={finalFactor: 0.5, steps: 100}", "averaging={decay: 0.9}",
            "signs=generatedScoresHigh", "critic.initialisation=xavier",
            "outputs={frames: {every: 2, generated: 3, real: 4, limit: 5}, snapshots: 2, "
                + "metrics: {every: 5}, events: {tensorBoard: {histogramsEvery: 7}}}")
        #expect(configuration.setup.seed == 7)
        #expect(configuration.setup.latent == Latent(size: 2, distribution: .uniform))
        #expect(configuration.setup.schedule == .warmedUp(iterations: 3))
        #expect(configuration.setup.learningRate == .linear(from: 1, to: 0.5, over: 100))
        #expect(configuration.setup.averaging == ExponentialMovingAverage(decay: 0.9))
        #expect(configuration.setup.signs == .generatedScoresHigh)
        #expect(areEqual(configuration.setup.parameters.initialisation, XavierInitialisation()))
        #expect(configuration.outputs.frames?.every == 2)
        #expect(configuration.outputs.frames?.generated == 3)
        #expect(configuration.outputs.frames?.real == 4)
        #expect(configuration.outputs.frames?.limit == 5)
        #expect(configuration.outputs.snapshotSteps(inTrainingOf: 9) == [0, 4, 9])
        #expect(configuration.outputs.metricsEvery == 5)
        #expect(configuration.outputs.events?.histogramsEvery == 7)
        let without = try WGANTests.configuration(smallYAML, "outputs.events=none")
        #expect(without.outputs.events == nil && without.resolvedYAML.contains("events: none"))
    }

    @Test("learning rates change over the whole training if nothing else is said, and it is kept")
    func courseOfLearningRates() throws {
        let whole = try configuration(smallYAML, "steps=70", "learningRate=cosine")
        #expect(whole.setup.learningRate == .cosine(from: 1, to: 0, over: 70))
        // A run that is extended goes on as it was.
        let extended = try configuration(whole.resolvedYAML, "steps=90")
        #expect(extended.length == .steps(90))
        #expect(extended.setup.learningRate == whole.setup.learningRate)
        let part = try configuration(smallYAML, "steps=70", "learningRate.linear.steps=30")
        #expect(part.setup.learningRate == .linear(from: 1, to: 0, over: 30))
    }

    @Test(
        "frames of a longer training are further apart, and always among those of a shorter one",
        arguments: [1, 3], [1, 2, 7, 1000])
    func frameSpacing(every: Int, limit: Int) throws {
        let frames = try #require(
            try configuration(
                smallYAML, "outputs.frames={every: \(every), limit: \(limit)}"
            ).outputs.frames)
        var former = every
        for steps in [1, every * limit, every * limit + every, 30_000, 1_000_000_007] {
            let spacing = frames.spacing(afterSteps: steps)
            #expect(steps / spacing <= limit && spacing.isMultiple(of: former))
            #expect(spacing == every || steps / (spacing / 2) > limit)
            former = spacing
        }
        #expect(frames.spacing(afterSteps: every * limit) == every)
    }

    @Test("the best checkpoint is chosen by a measure of samples alone")
    func bestCheckpoint() throws {
        #expect(try configuration(smallYAML).outputs.checkpoints.best == nil)
        for measure in [OutputConfiguration.BestMeasure.exactW1, .slicedW1] {
            let best = "outputs.checkpoints.best=\(measure.rawValue)"
            #expect(try configuration(smallYAML, best).outputs.checkpoints.best == measure)
        }
        for name in ["fid", "kid", "wassersteinEstimate"] {
            let complaint = #expect(throws: ConfigurationError.self) {
                try configuration(smallYAML, "outputs.checkpoints.best=\(name)")
            }
            #expect(complaint?.message.hasSuffix("; give exactW1 or slicedW1") == true)
        }
    }

    @Test("each network's parameters begin by its own initialisation")
    func initialisations() throws {
        let setup = try configuration(smallYAML, "critic.initialisation.normal=0").setup
        for (variable, values) in try setup.parameters.initialValues(seed: 1) {
            let isZero = values.allSatisfy { $0 == 0 }
            #expect(isZero == variable.name.hasPrefix("critic"), "\(variable.name)")
        }
    }

    @Test("an override with another constraint, schedule, optimiser or data replaces the preset's")
    func overrides() throws {
        let document = try Presets.named("mixture").document()
        for override in [
            "constraint=clipping", "data.swissRoll={}", "schedule.fixed=2",
            "critic.optimiser.rmsprop.learningRate=1e-4", "generator.layers.0.linear=50",
        ] { try document.set(override) }
        let configuration = try TrainingConfiguration(document)
        #expect(
            configuration.setup.constraint as? WeightClipping
                == WeightClipping(bound: 0.01))
        #expect(configuration.setup.schedule == .fixed(iterations: 2))
        #expect(configuration.setup.criticOptimiser as? RMSprop == RMSprop(learningRate: 1e-4))
        #expect(configuration.setup.parameters["generator.2.weight"]?.shape == [2, 50])
    }

    @Test("an override with steps replaces a preset's epochs, and the other way round")
    func overriddenLength() throws {
        let digits = try Presets.named("mnist-dcgan").document()
        try digits.set("steps=30")
        let configuration = try TrainingConfiguration(digits)
        #expect(configuration.length == .steps(30))
        #expect(!configuration.resolvedYAML.contains("epochs"))
        let penalised = try Presets.named("mnist-gp").document()
        try penalised.set("epochs=2")
        #expect(try TrainingConfiguration(penalised).length == .epochs(2))
    }

    @Test(
        "epochs are the fewest steps in which the critic sees all their batches",
        arguments: [
            (CriticSchedule.fixed(iterations: 5), 20), (.fixed(iterations: 7), 15),
            (.alternating(period: 5), 124), (.warmedUp(iterations: 5), 1),
        ])
    func epochs(schedule: CriticSchedule, steps: Int) throws {
        let length = TrainingLength.epochs(10)
        #expect(try length.steps(batchesPerEpoch: 10, schedule: schedule) == steps)
        #expect(schedule.updates(beforeStep: steps).critic >= 100)
        #expect(schedule.updates(beforeStep: steps - 1).critic < 100)
    }

    @Test("snapshots are evenly spaced, begin before the training and end with it")
    func snapshots() throws {
        let outputs = try configuration(smallYAML, "outputs.snapshots=4").outputs
        #expect(outputs.snapshotSteps(inTrainingOf: 100) == [0, 25, 50, 75, 100])
        #expect(outputs.snapshotSteps(inTrainingOf: 2) == [0, 1, 2])
        #expect(outputs.snapshotSteps(inTrainingOf: .max).last == .max)
    }
}
