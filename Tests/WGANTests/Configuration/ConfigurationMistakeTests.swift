import ConfigurationTestSupport
import StrictYAML
import Testing
import WGAN

@Suite("Mistakes in configurations of trainings")
struct ConfigurationMistakeTests {
    @Test(
        "a mistake is one sentence at its line",
        arguments: [
            (
                "name: small", "name: a/b",
                "a.yaml:1:7: 'name' must be 1 to 100 letters, digits, '-', '_' and '.', not "
                    + "first a dot; it names the run's folder"
            ),
            (
                "batchSize: 8", "batchSize: 0",
                "a.yaml:3:12: 'batchSize' must be a whole number from 1 to 1048576, but is 0"
            ),
            (
                "batchSize: 8", "batchsize: 8",
                "a.yaml:3:1: unknown key 'batchsize'; did you mean 'batchSize'?"
            ),
            (
                "{size: 2}", "{size: -2}",
                "a.yaml:4:16: 'latent.size' must be a whole number from 1 to 65536, but is -2"
            ),
            (
                "steps: 10", "steps: 10\nepochs: 2",
                "a.yaml:17:1: 'steps' and 'epochs' exclude each other; keep one of them"
            ),
            (
                "steps: 10", "epochs: 2",
                "a.yaml:16:9: 'epochs' cannot be counted, as the data is a distribution without "
                    + "end; give 'steps' in its place"
            ),
            (
                "  - linear: 2\n", "  - linear: 3\n",
                "a.yaml:7:5: the generator makes batches of [8, 3] but the data has [8, 2]; "
                    + "change the generator's last layers"
            ),
            (
                "  - linear: 1\n", "  - linear: 2\n",
                "a.yaml:13:5: the critic makes [8, 2] of a batch of [8, 2], not one score for "
                    + "each sample; end it with 'flatten' and 'linear: 1'"
            ),
            (
                "  - linear: 2\n", "  - relu\n",
                "a.yaml:7:3: 'generator.layers' have nothing to learn; add a layer with weights, "
                    + "such as 'linear: 1'"
            ),
            (
                "constraint: clipping", "constraint: cliping",
                "a.yaml:15:13: unknown kind 'cliping' for 'constraint'; did you mean 'clipping'?"
            ),
            (
                "steps: 10", "steps: 10\nsigns: realScoresLow",
                "a.yaml:17:8: 'signs' must be one of generatedScoresHigh, realScoresHigh, but is "
                    + "the text 'realScoresLow'"
            ),
            (
                "steps: 10", "steps: 10\naveraging: {decay: 1}",
                "a.yaml:17:20: 'averaging.decay' must be a finite number from 0 up to but not 1, "
                    + "but is 1"
            ),
            (
                "steps: 10", "steps: 10\noutputs: {samples: {every: 5}}",
                "a.yaml:17:20: 'outputs.samples' draws images, but samples are [2]; remove it"
            ),
            (
                "steps: 10", "steps: 10\noutputs: {report: {every: 5}}",
                "a.yaml:17:19: 'outputs.report' measures images of 11×11 pixels or more, but "
                    + "samples are [2]; remove it"
            ),
            (
                "steps: 10", "steps: 10\noutputs: {snapshot: 5}",
                "a.yaml:17:11: unknown key 'outputs.snapshot'; did you mean 'snapshots'?"
            ),
            (
                "steps: 10", "steps: 10\noutputs: {events: tensorboard}",
                "a.yaml:17:19: unknown kind 'tensorboard' for 'outputs.events'; did you mean "
                    + "'tensorBoard'?"
            ),
        ])
    func mistake(old: String, new: String, message: String) throws {
        #expect(smallYAML.contains(old))
        let yaml = smallYAML.replacing(old, with: new, maxReplacements: 1)
        #expect(try failure { _ = try configuration(yaml) } == message)
    }

    @Test("a batch that no memory could hold is refused")
    func hugeBatch() throws {
        let found = try failure {
            let document = try Presets.named("mnist-gp").document()
            try document.set("batchSize=1e6")
            _ = try TrainingConfiguration(document)
        }
        #expect(found.contains("more than 2³¹ numbers; make the layer or the batch smaller"))
    }

    @Test("latents that no memory could hold are refused")
    func hugeLatents() throws {
        let found = try failure {
            _ = try configuration(smallYAML, "latent.size=65536", "batchSize=1e6")
        }
        #expect(
            found
                == "--set batchSize: 'batchSize' makes batches of [1000000, 65536], more than 2³¹ "
                + "numbers; make it smaller")
    }

    @Test("an animation of images is refused")
    func frames() throws {
        let found = try failure {
            let document = try Presets.named("mnist-gp").document()
            try document.set("outputs.frames={}")
            _ = try TrainingConfiguration(document)
        }
        #expect(
            found
                == "--set outputs.frames: 'outputs.frames' draws points of the plane, but samples "
                + "are [28, 28, 1]; remove it")
    }

    @Test("a layer that does not fit names its line in the preset and both shapes")
    func layer() throws {
        let found = try failure {
            let document = try Presets.named("mnist-dcgan").document()
            try document.set("generator.layers.1.reshape.height=8")
            _ = try TrainingConfiguration(document)
        }
        #expect(
            found
                == "mnist-dcgan.yaml:16:7: 'generator.layers.1.reshape' does not fit its input "
                + "[64, 6272] (tensor: samples of [64, 6272] cannot become images of 128 channels, "
                + "8×7); change its settings or the layers before it")
    }
}
