import Foundation
import Runs
import Testing

@Suite("Trainings in which a number becomes infinite")
struct FailureTests {
    private let place: Workplace

    init() throws { place = try SmallImages.place() }

    /// Settings with which the critic's weights grow by themselves until they are too large.
    private static let diverging = [
        "train", "small.yaml", "--out", "run", "--set", "constraint={combined: []}",
        "--set", "critic.optimiser={sgd: {learningRate: 1}}", "--set",
        "critic.layers=[flatten, {linear: 4}, {linear: 1}]",
    ]

    @Test("stop with a record, keep a sound checkpoint, and can be replayed")
    func replay() throws {
        let outcome = try place.wgan(
            Self.diverging
                + ["--steps", "400", "--set", "outputs.checkpoints={every: 1}", "--quiet"])
        #expect(outcome.code == 1)
        #expect(outcome.errors.contains("is not a finite number at step "))
        #expect(outcome.errors.contains("wgan replay run says which number went bad first"))
        let step = try #require(
            outcome.errors.firstMatch(of: /at step ([0-9]+);/).flatMap { Int($0.1) })
        let names = try FileManager.default.contentsOfDirectory(
            atPath: place.url("run/failure").path)
        #expect(names.sorted() == ["step-\(step).json", "step-\(step).safetensors"])
        let store = try CheckpointStore(in: RunFolder(opening: place.url("run")))
        let checkpoint = try #require(try store.latest().checkpoint)
        for name in checkpoint.tensorNames {
            #expect(try checkpoint.tensor(named: name).values.allSatisfy(\.isFinite))
        }
        let before = try place.entries()
        let replay = try place.wgan(["replay", "run", "--json"])
        #expect(replay.code == 0, "\(replay.errors)")
        let object = try #require(
            JSONSerialization.jsonObject(with: Data(replay.output.utf8)) as? [String: Any])
        #expect(object["recordedStep"] as? Int == step)
        #expect(try #require(object["step"] as? Int) <= step)
        #expect(object["sameData"] as? Bool == true)
        let origin = try #require(object["origin"] as? [String: Any])
        #expect(try #require(origin["nonFinite"] as? Int) > 0)
        #expect(!(try #require(origin["reached"] as? [String])).isEmpty)
        let text = try place.wgan(["replay", "run"])
        #expect(text.output.contains("first: %"))
        #expect(text.output.contains("the batch of data is the recorded one"))
        #expect(try place.entries() == before)
    }

    @Test("stop at the first step where there is nothing to go back to")
    func firstSteps() throws {
        try place.write(SmallImages.yaml, to: "small.yaml")
        let outcome = try place.wgan(
            Self.diverging + ["--quiet", "--set", "critic.optimiser.sgd.learningRate=1e38"])
        #expect(outcome.code == 1)
        #expect(outcome.errors.contains("there is no checkpoint yet"))
        let replay = try place.wgan(["replay", "run"])
        #expect(replay.code == 0, "\(replay.errors)")
    }

    @Test("go on with lower learning rates where the configuration says so, a few times")
    func reduction() throws {
        let response = "onNonFinite={reduceLearningRate: {factor: 1e-12, times: 2}}"
        let outcome = try place.wgan(
            Self.diverging + [
                "--steps", "40", "--set", response, "--set",
                "critic.optimiser.sgd.learningRate=1e20",
            ])
        #expect(outcome.code == 0, "\(outcome.errors)")
        #expect(outcome.errors.contains("note: "))
        #expect(outcome.errors.contains("with lower learning rates, attempt 1 of 2"))
        let history = try MetricHistory(in: RunFolder(opening: place.url("run")))
        #expect(try history.series()["criticLoss"]?.steps == Array(1...40))

        let futile = try place.wgan([
            "train", "run/config.yaml", "--out", "futile", "--set",
            "onNonFinite.reduceLearningRate.factor=0.999", "--quiet",
        ])
        #expect(futile.code == 1)
        #expect(futile.errors.contains("is not a finite number"))
        try expectRefusal(
            ["train", "run/config.yaml", "--set", "onNonFinite.reduceLearningRate.factor=1"],
            saying: ["must be less than 1"], in: place)
    }

    @Test("are told apart from sound ones, which cannot be replayed")
    func sound() throws {
        try place.succeed(["train", "small.yaml", "--out", "run", "--quiet"])
        try expectRefusal(
            ["replay", "run"], saying: ["run holds no record of a failure"], in: place)
        try place.write("{}", to: "run/failure/step-3.json")
        try expectRefusal(
            ["replay", "run"], saying: ["run/failure/step-3.json is no record"], in: place)
    }
}
