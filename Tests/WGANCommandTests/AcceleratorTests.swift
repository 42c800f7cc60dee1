import Foundation
import Testing

@testable import Runs
@testable import WGANCommand

@Suite("Trainings on devices of XLA")
struct AcceleratorTests {
    private static let outputs = [
        "--quiet", "--set", "outputs={metrics: {every: 1}, checkpoints: {every: 5, minutes: null}}",
    ]

    @Test(
        "that are not there are refused in one sentence before anything is written",
        arguments: [
            ("cuda", "install it with pip install"), ("tpu:1", "install it with pip install"),
            ("gpu", "there is no device 'gpu'; write 'cpu', 'cuda'"),
            ("", "there is no device ''"), ("cpu:1", "there is no device"),
            ("/absent/plugin.so", "cannot be opened"), ("./small.yaml", "cannot be opened"),
        ])
    func absent(device: String, words: String) throws {
        let place = try SmallImages.place()
        let outcome = try place.wgan([
            "train", "mixture", "--device", device, "--out", "run",
        ])
        #expect(outcome.code == 2)
        #expect(outcome.errors.contains(words), "\(outcome.errors)")
        #expect(outcome.errors.split(separator: "\n").count == 1)
        #expect(!FileManager.default.fileExists(atPath: place.url("run").path))
    }

    @Test(
        "by plugins that are no good are refused too",
        .enabled(if: XLAPlugin.isInstalled, XLAPlugin.absence),
        arguments: [
            ("OLD", "has version 1."), ("SMALL", "is needed; install another"),
            ("NO_CLIENT", "XLA: "),
            ("NO_MEMORY", "99 bytes.; the device has too little memory: use smaller batches"),
        ])
    func unusable(failure: String, words: String) throws {
        let place = try SmallImages.place()
        let plugin = try XLAPlugin.failing(failure, in: place)
        let outcome = try place.wgan(["train", "mixture", "--device", plugin, "--out", "run"])
        #expect(outcome.code == 2)
        #expect(outcome.errors.contains(words), "\(outcome.errors)")
        #expect(!FileManager.default.fileExists(atPath: place.url("run").path))
    }

    @Test(
        "begin with the losses of the processor",
        .enabled(if: XLAPlugin.isInstalled, XLAPlugin.absence),
        arguments: ["mixture", "gaussians5", "gaussians8"])
    func losses(preset: String) throws {
        let place = try SmallImages.place()
        for (run, device) in [("ours", "cpu"), ("xla", XLAPlugin.path)] {
            try place.succeed(
                ["train", preset, "--steps", "5", "--device", device, "--out", run] + Self.outputs)
        }
        let tables = try ["ours", "xla"].map { run in
            try MetricHistory(in: RunFolder(opening: place.url(run))).series()
        }
        let names = ["criticLoss", "generatorLoss"]
        for name in names {
            let (ours, theirs) = (
                try #require(tables[0][name]),
                try #require(tables[1][name])
            )
            #expect(!ours.values.isEmpty && ours.values.count == theirs.values.count)
            for (a, b) in zip(ours.values, theirs.values) {
                #expect(abs(a - b) <= 1e-3 * max(1, abs(a)), "\(name): \(a), \(b)")
            }
        }
    }

    @Test(
        "keep what was saved where the device fails, and go on elsewhere and back",
        .enabled(if: XLAPlugin.isInstalled, XLAPlugin.absence))
    func failing() throws {
        let place = try SmallImages.place()
        let plugin = try XLAPlugin.failing("EXECUTIONS=60", in: place)
        let failed = try place.wgan(
            ["train", "mixture", "--steps", "200", "--device", plugin, "--out", "run"]
                + Self.outputs)
        #expect(failed.code == 1)
        #expect(failed.errors.contains("XLA: "), "\(failed.errors)")
        let store = try CheckpointStore(in: RunFolder(opening: place.url("run")))
        let saved = try #require(try store.latest().checkpoint?.step)
        #expect(saved > 0 && saved.isMultiple(of: 5))

        for (device, steps) in [("cpu", saved + 5), (XLAPlugin.path, saved + 10)] {
            let outcome = try place.wgan([
                "resume", "run", "--device", device, "--steps", "\(steps)",
            ])
            #expect(outcome.code == 0)
            #expect(outcome.errors.contains("note: before, the device "), "\(outcome.errors)")
        }
        #expect(try store.latest().checkpoint?.step == saved + 10)
        let environment = try place.text("run/environment.json")
        #expect(environment.contains("\"device\":\"\(XLAPlugin.path)\""), "\(environment)")
    }

    @Test(
        "share the work among themselves, and are remembered",
        .enabled(if: XLAPlugin.isInstalled, XLAPlugin.absence))
    func several() throws {
        let place = try SmallImages.place()
        for (options, words) in [
            (["--devices", "2"], "--devices needs --device"),
            (["--device", XLAPlugin.path, "--devices", "0"], "give at least 1"),
            (["--device", "cpu", "--devices", "2"], "there is no device 'cpu:0-1'"),
            (["--device", XLAPlugin.path, "--devices", "5"], "and none with the number 4"),
            (
                ["--device", XLAPlugin.path, "--devices", "3"],
                "3 devices cannot share batches of 200 samples evenly"
            ),
        ] {
            let outcome = try place.wgan(["train", "mixture", "--out", "run"] + options)
            #expect(outcome.code == 2 || outcome.code == 64, "\(words)")
            #expect(outcome.errors.contains(words), "\(outcome.errors)")
            #expect(!FileManager.default.fileExists(atPath: place.url("run").path))
        }
        try place.succeed(
            ["train", "mixture", "--steps", "5", "--device", XLAPlugin.path, "--devices", "2"]
                + ["--out", "run"] + Self.outputs)
        try place.succeed(["resume", "run", "--steps", "10"])
        let environment = try place.text("run/environment.json")
        #expect(environment.contains("\"device\":\"\(XLAPlugin.path):0-1\""), "\(environment)")
        let run = try RunFolder(opening: place.url("run"))
        #expect(try MetricHistory(in: run).series()["criticLoss"]?.values.count == 10)
        let checkpoint = try #require(try CheckpointStore(in: run).latest().checkpoint)
        #expect(checkpoint.texts["device"] == "\(XLAPlugin.path):0-1, cpu:0-1, cpu")
    }

    @Test(
        "compute products as exactly as the configuration says",
        .enabled(if: XLAPlugin.isInstalled, XLAPlugin.absence))
    func precision() throws {
        let place = try SmallImages.place()
        let refused = try place.wgan([
            "train", "mixture", "--set", "precision=bfloat16", "--out", "run",
        ])
        #expect(refused.code == 2)
        #expect(refused.errors.contains("set precision to float32, or choose another device"))
        #expect(!FileManager.default.fileExists(atPath: place.url("run").path))

        var losses: [String: Double] = [:]
        for precision in ["float32", "tf32", "bfloat16"] {
            try place.succeed(
                [
                    "train", "mixture", "--steps", "2", "--device", XLAPlugin.path, "--out",
                    precision,
                ]
                    + Self.outputs + ["--set", "precision=\(precision)"])
            let environment = try place.text("\(precision)/environment.json")
            #expect(environment.contains("\"precision\":\"\(precision)\""), "\(environment)")
            let run = try MetricHistory(in: RunFolder(opening: place.url(precision)))
            losses[precision] = try #require(try run.series()["criticLoss"]?.values.last)
        }
        let exact = try #require(losses["float32"])
        // This processor has no TF32.
        #expect(losses["tf32"] == exact)
        let rounded = try #require(losses["bfloat16"])
        #expect(rounded != exact && abs(rounded - exact) <= 0.02 * max(1, abs(exact)))

        let bench = try place.wgan([
            "bench", "W1", "--iterations", "1", "--json", "--device", XLAPlugin.path,
            "--precision", "bfloat16",
        ])
        #expect(bench.output.contains("\"precision\":\"bfloat16\""), "\(bench.output)")
        #expect(bench.output.contains("\"device\":\"cpu:0, cpu\""), "\(bench.output)")
    }

    @Test(
        "draw the samples of the processor, and are judged as it is",
        .enabled(if: XLAPlugin.isInstalled, XLAPlugin.absence))
    func samples() throws {
        let place = try SmallImages.place()
        try place.succeed(["train", "mixture", "--steps", "5", "--out", "run"] + Self.outputs)
        var (samples, distances): ([[Double]], [Double]) = ([], [])
        for (name, device) in [("ours", "cpu"), ("xla", XLAPlugin.path)] {
            try place.succeed([
                "sample", "run", "--count", "50", "--device", device, "--out", "\(name).csv",
            ])
            samples.append(
                try place.text("\(name).csv").split(whereSeparator: { ",\n".contains($0) })
                    .compactMap { Double($0) })
            let outcome = try place.wgan([
                "evaluate", "run", "--samples", "200", "--json", "--device", device,
            ])
            #expect(outcome.code == 0, "\(outcome.errors)")
            let scores = try JSONDecoder().decode(JSONValue.self, from: Data(outcome.output.utf8))
            distances.append(try #require(scores["audit"]?["exactW1"]?.double))
        }
        #expect(samples[0].count >= 100 && samples[0].count == samples[1].count)
        for (a, b) in zip(samples[0], samples[1]) { #expect(abs(a - b) <= 1e-4 * max(1, abs(a))) }
        #expect(abs(distances[0] - distances[1]) <= 1e-3 * distances[0])
        for command in [
            ["sample", "run", "--out", "x.csv"], ["evaluate", "run"],
            ["sweep", "mixture", "--over", "seed=1"],
        ] {
            let outcome = try place.wgan(command + ["--device", "cuda"])
            #expect(outcome.code == 2 && outcome.errors.contains("--device cuda: "))
        }
    }
}
