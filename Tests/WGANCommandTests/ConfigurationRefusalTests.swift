import Foundation
import Testing

@Suite("Refusals of configurations")
struct ConfigurationRefusalTests {
    @Test(
        "a mistaken setting of a preset is refused in one sentence",
        arguments: [
            ("batchSize=0", "'batchSize' must be a whole number from 1"),
            ("batchSize=-3", "but is -3"),
            ("latent.size=-2", "'latent.size' must be a whole number from 1"),
            ("generator.layers.0.linear=-5", "but is -5"),
            ("critic.optimiser.adam.learningRate=.nan", "must be a finite number greater than 0"),
            ("critic.optimiser.adam.learningRate=nan", "must be a finite number greater than 0"),
            ("critic.optimiser.adam.learningRate=.inf", "must be a finite number greater than 0"),
            ("generator.optimiser.adam.learningRate=1e999", "beyond the largest number"),
            ("generator.optimiser.adam.learningRate=-1e-3", "must be a finite number greater than"),
            ("critic.optimiser.adam.learnngRate=1e-3", "did you mean 'learningRate'?"),
            ("critic.optimiser=adm", "did you mean 'adam'?"),
            ("batchsize=8", "unknown key 'batchsize'; did you mean 'batchSize'?"),
            ("constraint=cliping", "did you mean 'clipping'?"),
            ("critic.optimiser={adam: {lr: 1e-3}}", "'learningRate' here"),
            ("critic.optimiser={adam: {learningRate: 1, betas: [0, 0.9]}}", "'beta1' and 'beta2'"),
            ("critic.optimiser={adam: {learningRate: 1, eps: 1e-8}}", "'epsilon' here"),
            ("critic.optimiser={rmsprop: {learningRate: 1, weight_decay: 1}}", "'weightDecay'?"),
            ("critic.optimiser=RMSpropOptimizer", "it is called 'rmsprop' here"),
            ("constraint={gradientPenalty: {lambda: 10}}", "'coefficient' here"),
            ("constraint={clipping: {clip_value: 0.1}}", "'bound' here"),
            ("constraint=wgan-gp", "it is called 'gradientPenalty' here"),
            ("latent={z_dim: 2}", "it is called 'size' here"),
            ("batch_size=8", "did you mean 'batchSize'?"),
            ("n_critic=3", "it is schedule.fixed.iterations here"),
            ("lr=1e-3", "it is generator.optimiser.<kind>.learningRate, and critic.… alike here"),
            ("learningRate=1e-3", "is no schedule"),
            ("critic.optimiser.adam.beta2=0,9", "but is the text '0,9'; write 0.9"),
            ("critic.optimiser={adam: {learningRate: 1, beta2: 0,9}}", "'beta2' is 0,9 with"),
            ("critic.optimiser={adam: {learningRate: 0,001}}", "write 0.001"),
            ("generator.optimiser.adam.learningRate=1e\u{2212}3", "write 1e-3"),
            ("batchSize=18446744073709551615", "but is 18446744073709551615"),
            ("data.mixtureGrid.modes=0", "'data.mixtureGrid.modes' must be"),
            ("data={mixture: [{mean: [1e300, 0], scale: 1}]}", "is not finite"),
            ("data={idx: {images: /nowhere}}", "Cannot read '/nowhere': it does not exist"),
            ("seed=99999999999999999999999", "beyond 64 bits"),
            ("name=../escape", "it names the run's folder"),
            ("outputs.frames.every=0", "'outputs.frames.every' must be"),
            ("outputs.frames.limit=0", "'outputs.frames.limit' must be"),
            ("batchSize", "there is no '='"),
            ("=3", "write a.b=value"),
            ("a..b=1", "write a.b=value"),
            ("batchSize=", "the override gives no value"),
            ("batchSize=[1", "not valid YAML"),
            ("data={idx", "not valid YAML"),
            ("critic.layers.9.linear=1", "is a list without '9'"),
            ("\u{1B}[31mbatchSize=1", "unknown key"),
        ])
    func setting(override: String, fragment: String) throws {
        try expectRefusal(
            ["train", "mixture", "--set", override], saying: ["--set ", fragment],
            in: try Workplace())
    }

    @Test("an unknown preset is refused with the nearest one", arguments: ["train", "plan"])
    func unknownPreset(verb: String) throws {
        let place = try Workplace()
        try expectRefusal([verb, "mixtur"], saying: ["did you mean 'mixture'?"], in: place)
        try expectRefusal([verb, "zzz"], saying: ["mnist-dcgan, mnist-gp"], in: place)
        try expectRefusal([verb, "\u{1B}[31m"], saying: ["there is no preset"], in: place)
        try expectRefusal(["presets", "mnist-go"], saying: ["'mnist-gp'?"], in: place)
    }

    @Test("layers that do not match are named by line with both shapes")
    func mismatch() throws {
        let place = try SmallImages.place()
        try expectRefusal(
            ["train", "small.yaml", "--set", "generator.layers.0.linear=15"],
            saying: ["small.yaml:8:7: ", "[8, 15]", "1 channels, 4×4"], in: place)
        try place.write(
            SmallImages.yaml.replacing("linear: 16", with: "linear: 20")
                .replacing("width: 4", with: "width: 5"), to: "wide.yaml")
        try expectRefusal(
            ["train", "wide.yaml"], saying: ["wide.yaml:9:7: ", "[8, 4, 5, 1]", "[8, 4, 4, 1]"],
            in: place)
        try expectRefusal(
            ["plan", "mixture", "--set", "critic.layers.2.linear=3"],
            saying: ["mixture.yaml:", "[200, 3]", "[200, 2]"], in: place)
    }

    @Test(
        "a mistake in a file is named by its line",
        arguments: [
            ("steps: 4", "steps: 4\nstepz: 3", "small.yaml:18:1: unknown key 'stepz'; did you"),
            (
                "{size: 2}", "{size: 2, distributon: normal}",
                "small.yaml:4:19: unknown key 'latent.d"
            ),
            ("batchSize: 8", "batchSize: 0", "small.yaml:3:12: 'batchSize' must be"),
            ("batchSize: 8", "batchSize: 17", "A batch of 17 cannot be filled from 16 samples"),
            ("1e-3", ".nan", "small.yaml:10:39: "),
            ("steps: 4", "steps: [4", "not valid YAML"),
            ("latent: {size: 2}", "latent: {size: 2", "small.yaml:5:"),
            ("steps: 4", "steps: 4\nsteps: 5", "'steps' is given more than once"),
            ("steps: 4", "", "'steps'"),
        ])
    func file(old: String, new: String, fragment: String) throws {
        let place = try SmallImages.place()
        #expect(SmallImages.yaml.contains(old))
        try place.write(
            SmallImages.yaml.replacing(old, with: new, maxReplacements: 1), to: "small.yaml")
        try expectRefusal(["train", "small.yaml"], saying: [fragment], in: place)
    }

    @Test("what is no configuration file is refused")
    func noFile() throws {
        let place = try Workplace()
        try place.write("", to: "empty.yaml")
        try place.write("- 1\n- 2\n", to: "list.yaml")
        try place.write(Data([0x6E, 0x61, 0xFF, 0xFE]), to: "latin.yaml")
        try place.write(String(repeating: "# long\n", count: 200_000), to: "long.yaml")
        try place.write("x", to: "folder.yaml/x")
        for (name, fragment) in [
            ("absent.yaml", "there is no such file"), ("empty.yaml", "the document is empty"),
            ("list.yaml", "must be a mapping"), ("latin.yaml", "not UTF-8"),
            ("long.yaml", "long.yaml: "), ("folder.yaml", "this is a directory"),
        ] {
            try expectRefusal(["train", name], saying: [name, fragment], in: place)
        }
    }

    @Test("options out of their range are refused by their name")
    func options() throws {
        let place = try Workplace()
        for steps in ["0", "99999999999"] {
            try expectRefusal(
                ["train", "mixture", "--steps", steps], saying: ["--steps: ", "but is \(steps)"],
                in: place)
        }
        for words in [["--steps=-5"], ["--steps", "-5"]] {
            try expectRefusal(
                ["train", "mixture"] + words, saying: ["--steps: ", "but is -5"], in: place)
        }
        #expect(try place.wgan(["plan", "mixture", "--seed", "18446744073709551615"]).code == 0)
        try expectUsageError(
            ["plan", "mixture", "--seed", "18446744073709551616"], saying: "for '--seed", in: place)
        for verb in ["train", "plan"] {
            for threads in ["0", "-2"] {
                try expectRefusal(
                    [verb, "mixture", "--threads=\(threads)"],
                    saying: ["--threads \(threads) makes no sense; give at least 1"], in: place)
            }
        }
    }

    @Test("a plan says that it reads no data")
    func planWithData() throws {
        let plan = try Workplace().wgan(["plan", "mnist-gp", "--data", "nowhere"])
        #expect(plan.code == 0 && plan.output.contains("critic step"))
        #expect(plan.errors == "note: --data has no effect, as a plan reads no data\n")
    }
}
