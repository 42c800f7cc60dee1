import ConfigurationTestSupport
import FileTestSupport
import Foundation
import NeuralNetworks
import StrictYAML
import TensorGraph
import Testing
import WGAN

@Suite("Files of the AIDL21-SAGAN project")
struct AIDL21SettingsTests {
    /// Every key of a training.
    private static let full = """
        arch: 'WGAN'

        path: '/photos/'
        out: '/fakes/'
        run: 'first try'
        seed: 42
        n_gpu: 0

        num_epochs: 5
        learning_rate: 0.0002
        beta_adam: 0.5
        batch_size: 16

        latent_vector: 32

        image_size: 64
        loader_workers: 2
        number_channels: 3
        gen_feature_maps: 8
        dis_feature_maps: 4

        critic_its : 5
        gp_lambda : 10

        """

    /// Six lines that are enough for a training.
    private static let start =
        "arch: WGAN\npath: a\nout: b\nrun: c\nnum_epochs: 1\nimage_size: 64\n"

    private func settings(_ yaml: String) throws -> AIDL21Settings {
        try AIDL21Settings(ConfigurationDocument(yaml: yaml, file: "a.yaml"))
    }

    /// The full file with lines replaced or added.
    private func changed(_ lines: String...) throws -> AIDL21Settings {
        var yaml = Self.full
        for line in lines {
            let key = line.prefix { $0 != ":" }
            let kept = yaml.split(separator: "\n").filter {
                $0.prefix { $0 != ":" && $0 != " " } != key
            }
            yaml = (kept + [line[...]]).joined(separator: "\n") + "\n"
        }
        return try settings(yaml)
    }

    private func configuration(_ settings: AIDL21Settings) throws -> TrainingConfiguration {
        try WGANTests.configuration(settings.configurationYAML, [])
    }

    @Test("every key reaches the setting that it means")
    func keys() throws {
        let settings = try settings(Self.full)
        #expect(settings.notes == [])
        #expect(settings.filePrefix == "/fakes/first try_")
        let training = try configuration(settings)
        let setup = training.setup
        let adam = Adam(learningRate: 2e-4, beta1: 0.5, beta2: 0.999)
        #expect(training.name == "first-try")
        #expect(setup.generatorOptimiser as? Adam == adam)
        #expect(setup.criticOptimiser as? Adam == adam)
        #expect(setup.constraint as? GradientPenalty == GradientPenalty(coefficient: 10))
        #expect(setup.schedule == .fixed(iterations: 5))
        #expect(setup.latent == Latent(size: 32))
        #expect((setup.seed, setup.batchSize) == (42, 16))
        #expect(training.length == .epochs(5))
        #expect(training.data.sampleShape == [64, 64, 3])
        let report = try #require(training.outputs.aidl21)
        #expect((report.every, report.count) == (500, 64))
        #expect(report.prefix == "/fakes/first try_")
        #expect(training.outputs.samples?.interval == .steps(100))
        #expect(training.warnings == [])
    }

    @Test("the networks are those of the preset with other numbers of channels")
    func networks() throws {
        let small = try configuration(settings(Self.full)).setup.parameters.parameters
        let preset = try TrainingConfiguration(Presets.named("images-gp").document())
        let large = preset.setup.parameters.parameters
        #expect(small.map(\.name) == large.map(\.name))
        #expect(small.map(\.role) == large.map(\.role))
        let kernels = small.filter(\.isConvolutionKernel).map(\.shape)
        #expect(
            kernels == [
                [32, 64, 4, 4], [64, 32, 4, 4], [32, 16, 4, 4], [16, 8, 4, 4], [8, 3, 4, 4],
                [4, 3, 4, 4], [8, 4, 4, 4], [16, 8, 4, 4], [32, 16, 4, 4], [1, 32, 4, 4],
            ])
        #expect(
            try configuration(changed("image_size: 128")).setup.parameters.parameters.map(\.name)
                == TrainingConfiguration(Presets.named("images128-gp").document()).setup.parameters
                .parameters.map(\.name))
    }

    @Test("a learning rate from 1 on is the critic's in units of the generator's")
    func learningRate() throws {
        let setup = try configuration(changed("learning_rate: 2")).setup
        let critic = Adam(learningRate: 4e-4, beta1: 0.5, beta2: 0.999)
        let generator = Adam(learningRate: 2e-4, beta1: 0.5, beta2: 0.999)
        #expect(setup.criticOptimiser as? Adam == critic)
        #expect(setup.generatorOptimiser as? Adam == generator)
    }

    @Test("a generator to sample from may have 256 pixels, a training not")
    func sizes() throws {
        let sampling = try changed("arch: Generator", "image_size: 256", "quantity: 3")
        #expect(sampling.quantity == 3)
        #expect(try configuration(sampling).setup.sampleShape == [256, 256, 3])
        let found = try failure { _ = try changed("image_size: 256") }
        #expect(found.contains("'image_size' is 256, which arch: Generator alone can have"))
        #expect(
            try failure { _ = try changed("image_size: 96") }
                .contains("'image_size' must be 64 or 128, but is 96"))
    }

    @Test("the architectures of the family are trained by their own objective and constraint")
    func architectures() throws {
        let penalised = try changed("arch: SNGAN")
        #expect(try configuration(penalised).setup.constraint is GradientPenalty)
        #expect(penalised.notes.count == 1)
        let withoutPenalty = Self.full.split(separator: "\n").filter { !$0.hasPrefix("gp_") }
            .joined(separator: "\n")
        let normalised = try settings(
            withoutPenalty.replacingOccurrences(of: "'WGAN'", with: "'SNGAN'"))
        #expect(try configuration(normalised).setup.constraint is SpectralReparametrisation)
        #expect(normalised.notes == [])
        let classical = try settings(
            withoutPenalty.replacingOccurrences(of: "'WGAN'", with: "'DCGAN'"))
        let setup = try configuration(classical).setup
        #expect((setup.constraint as? CombinedConstraint)?.constraints.isEmpty == true)
        #expect(setup.objective is ClassicalObjective)
        #expect(classical.notes == [])
        let ignored = try changed("arch: 'DCGAN'")
        #expect(ignored.notes.first?.contains("gp_lambda has no effect") == true)
        #expect(try changed("n_gpu: 1").notes.first?.contains("n_gpu: 1 has no effect") == true)
        #expect(try changed("quantity: 1").notes.first?.contains("quantity has no effect") == true)
    }

    @Test(
        "mistakes are errors at their line, with the nearest key",
        arguments: [
            (
                "\(start)critic_it: 5\n",
                "a.yaml:7:1: unknown key 'critic_it'; did you mean 'critic_its'?"
            ),
            (
                "arch: WGAN\npath: a\nout: b\nrun: c\nimage_size: 64\n",
                "a.yaml:1:1: 'num_epochs' is missing; give it a whole number from 1 to 1000000"
            ),
            (
                "arch: 'CycleGAN'\n",
                "a.yaml:1:7: 'arch' must be one of DCGAN, Generator, SNGAN, WGAN, but is the text "
                    + "'CycleGAN' in quotes"
            ),
            (
                "\(start)beta_adam: 1\n",
                "a.yaml:7:12: 'beta_adam' must be a finite number from 0 up to but not 1, but is 1"
            ),
            (
                "\(start)number_channels: 2\n",
                "a.yaml:7:18: 'number_channels' must be 1 for grey or 3 for colour, but is 2"
            ),
            (
                "arch: Generator\npath: a\nout: b\nrun: c\nimage_size: 64\n",
                "a.yaml:1:1: 'quantity' is missing; give it a whole number from 1 to 100000"
            ),
        ])
    func mistakes(yaml: String, message: String) throws {
        #expect(try failure { _ = try settings(yaml) } == message)
    }

    @Test("overrides are of either file's keys")
    func overrides() throws {
        let folder = try TemporaryFolder()
        defer { withExtendedLifetime(folder) {} }
        let path = folder.file("a.yaml")
        try Self.full.write(to: path, atomically: true, encoding: .utf8)
        let document = try TrainingDocument(
            presetOrFile: path.path,
            overrides: ["gp_lambda=1", "steps=7", "data.imageFolder.flip=true"])
        #expect(document.foreign?.penaltyCoefficient == 1)
        let training = try document.configuration()
        #expect(training.setup.constraint as? GradientPenalty == GradientPenalty(coefficient: 1))
        #expect(training.length == .steps(7))
        #expect(training.resolvedYAML.contains("flip: true"))
        #expect(try TrainingDocument(presetOrFile: "mixture").foreign == nil)
    }

    @Test("odd names are quoted in the converted file, and the run's name is made fit")
    func names() throws {
        let settings = try changed("path: \"a: #'b'\\\\\"", "run: \"../ä\"")
        let training = try configuration(settings)
        #expect(training.resolvedYAML.contains(#"/a: #'b'\\""#))
        #expect(training.name == "images")
        #expect(training.outputs.aidl21?.prefix == "/fakes/../ä_")
    }
}
