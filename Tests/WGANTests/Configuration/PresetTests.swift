import ConfigurationTestSupport
import Datasets
import FileTestSupport
import Foundation
import NeuralNetworks
import StrictYAML
import TensorGraph
import Testing
import WGAN

@Suite("Presets")
struct PresetTests {
    @Test(
        "every preset loads without a warning, bears its file's name, and can be traced",
        arguments: Presets.all.map(\.name))
    func loads(preset: String) throws {
        let configuration = try TrainingConfiguration(Presets.named(preset).document())
        #expect(configuration.name == preset)
        #expect(!configuration.summary.isEmpty)
        #expect(configuration.warnings == [])
        let setup = configuration.setup
        let shape = configuration.data.sampleShape
        var store = setup.parameters
        let critic = try CriticStep(setup, sampleShape: shape, in: &store)
        let generator = try GeneratorStep(setup, sampleShape: shape, in: &store)
        let batch = setup.criticBatchSize ?? setup.batchSize
        let real = Shape([batch] + shape.dimensions)
        let labels = setup.condition.map { _ in Shape([batch]) }
        // A factor of the learning rates is fed where it changes.
        let factor = setup.learningRate == 1 ? [] : [Shape([])]
        #expect(
            Set(critic.program.inputs.map(\.shape))
                == Set([real] + (labels.map { [$0] } ?? []) + factor))
        #expect(generator.program.inputs.map(\.shape) == factor)
    }

    @Test(
        "the resolved form of every preset reads back to itself", arguments: Presets.all.map(\.name)
    )
    func resolved(preset: String) throws {
        let first = try TrainingConfiguration(Presets.named(preset).document())
        let second = try configuration(first.resolvedYAML)
        #expect(second.resolvedYAML == first.resolvedYAML)
        for (found, expected) in zip(parts(of: second.setup), parts(of: first.setup)) {
            #expect(areEqual(found, expected), "\(found) instead of \(expected)")
        }
        #expect(second.length == first.length)
        #expect(second.outputs == first.outputs)
    }

    private func parts(of setup: TrainingSetup) -> [Any] {
        [
            setup.latent, setup.generator, setup.critic, setup.constraint,
            setup.generatorOptimiser, setup.criticOptimiser, setup.schedule, setup.learningRate,
            setup.objective, setup.signs, setup.batchSize, setup.seed,
            setup.parameters.initialisation,
        ]
    }

    @Test("the mixture has the settings of its original")
    func mixture() throws {
        let mixture = try TrainingConfiguration(Presets.named("mixture").document())
        let adam = Adam(learningRate: 1e-3, beta1: 0, beta2: 0.9)
        #expect(mixture.setup.generatorOptimiser as? Adam == adam)
        #expect(mixture.setup.criticOptimiser as? Adam == adam)
        #expect(mixture.setup.batchSize == 200)
        #expect(mixture.setup.latent == Latent(size: 2))
        #expect(mixture.setup.schedule == .alternating(period: 5))
        let projection = SpectralProjection(method: .freshVector(iterations: 1))
        #expect(mixture.setup.constraint as? SpectralProjection == projection)
        #expect(mixture.setup.parameters.initialisation is PyTorchInitialisation)
        #expect(mixture.length == .steps(1000))
        #expect(mixture.outputs.frames?.every == 1)
        #expect(mixture.outputs.snapshotSteps(inTrainingOf: 1000) == [0, 200, 400, 600, 800, 1000])
        #expect(
            mixture.setup.parameters.parameters.map(\.shape) == [
                [100, 2], [100], [2, 100], [2], [100, 2], [100], [1, 100], [1],
            ])
    }

    @Test("the digits have the settings of their original, and 60 epochs as steps")
    func digits() throws {
        let digits = try TrainingConfiguration(Presets.named("mnist-dcgan").document())
        #expect(digits.setup.criticOptimiser as? RMSprop == RMSprop(learningRate: 5e-5))
        #expect(digits.setup.constraint as? WeightClipping == WeightClipping(bound: 0.01))
        #expect(digits.setup.schedule == .fixed(iterations: 5))
        #expect(digits.setup.batchSize == 64)
        #expect(digits.length == .epochs(60))
        // 60 · 937 critic updates in groups of five.
        #expect(
            try digits.length.steps(batchesPerEpoch: 937, schedule: digits.setup.schedule) == 11244)
    }

    @Test("the five Gaussians have the settings of their original, whose signs are mirrored")
    func fiveGaussians() throws {
        let five = try TrainingConfiguration(Presets.named("gaussians5").document())
        let rmsprop = TensorFlowRMSprop(
            learningRate: 5e-5, rho: 0.9, epsilon: 1e-10, initialAccumulator: 1)
        #expect(five.setup.generatorOptimiser as? TensorFlowRMSprop == rmsprop)
        #expect(five.setup.criticOptimiser as? TensorFlowRMSprop == rmsprop)
        #expect(five.setup.latent == Latent(size: 2, distribution: .uniform))
        #expect(five.setup.objective is WassersteinObjective)
        #expect(five.setup.signs == .generatedScoresHigh)
        #expect(five.setup.constraint as? WeightClipping == WeightClipping(bound: 0.01))
        #expect(five.setup.schedule == .fixed(iterations: 5) && five.setup.batchSize == 128)
        let ring = try #require(five.data.distribution as? SampledRing)
        #expect(ring == (try SampledRing()))
        let bias = try #require(five.setup.parameters["critic.2.bias"])
        let values = try five.setup.parameters.initialValues(seed: 1)
        let beginning = try #require(values.first { $0.variable == bias.variable }).values
        let square = beginning.reduce(0) { $0 + $1 * $1 } / Float(beginning.count)
        #expect(abs(square.squareRoot() - 1 / 16) < 0.006)
    }

    @Test("the tutorial's digits have half batches, clipped kernels, and ten epochs")
    func tutorial() throws {
        let digits = try TrainingConfiguration(Presets.named("mnist-keras").document())
        #expect(digits.setup.batchSize == 64 && digits.setup.criticBatchSize == 32)
        #expect(digits.setup.latent == Latent(size: 50))
        #expect(
            digits.setup.constraint as? WeightClipping
                == WeightClipping(bound: 0.01, onlyConvolutionKernels: true))
        #expect(
            digits.setup.criticOptimiser as? RMSprop
                == RMSprop(learningRate: 5e-5, alpha: 0.9, epsilon: 1e-7))
        #expect(digits.length == .epochs(10))
        #expect(digits.outputs.weights == .epochs(1))
        #expect(digits.outputs.samples?.interval == .epochs(1))
        #expect(digits.outputs.samples?.count == 100 && digits.outputs.samples?.columns == 10)
    }

    @Test("an unknown preset is an error that names the nearest, or all of them")
    func unknown() throws {
        #expect(
            try failure { _ = try Presets.named("mixtur") }
                == "mixtur: there is no preset of this name; did you mean 'mixture'?")
        #expect(
            try failure { _ = try TrainingConfiguration.document(presetOrFile: "zebra") }
                == "zebra: there is no preset of this name; name one of "
                + Presets.all.map(\.name).joined(separator: ", ")
                + ", or a file that ends in .yaml"
        )
    }

    @Test("a path that ends in .yaml is a file, whether it exists or not")
    func files() throws {
        let missing = try failure {
            _ = try TrainingConfiguration.document(presetOrFile: "/nowhere/mixture.yaml")
        }
        #expect(missing == "/nowhere/mixture.yaml: there is no such file; check the path")
        let folder = try TemporaryFolder()
        defer { withExtendedLifetime(folder) {} }
        let path = folder.file("a.yml")
        try smallYAML.write(to: path, atomically: true, encoding: .utf8)
        let document = try TrainingConfiguration.document(presetOrFile: path.path)
        #expect(try TrainingConfiguration(document).name == "small")
    }
}
