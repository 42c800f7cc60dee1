import Figures
import Foundation
import Runs
import TensorGraph
import Testing

@testable import WGANCommand

@Suite("Evaluation of runs")
struct EvaluateTests {
    /// The JSON object that an evaluation prints.
    private func object(_ arguments: [String], in place: Workplace) throws -> [String: Any] {
        let outcome = try place.wgan(["evaluate"] + arguments + ["--json"])
        try #require(outcome.code == 0, "\(outcome.errors)")
        let data = Data(outcome.output.utf8)
        return try #require(JSONSerialization.jsonObject(with: data) as? [String: Any])
    }

    private func scores(_ object: [String: Any]) throws -> [String: [String: Any]] {
        let list = try #require(object["scores"] as? [[String: Any]])
        return Dictionary(
            uniqueKeysWithValues: list.map { score in
                let split = (score["split"] as? String).map { " \($0)" } ?? ""
                return ((score["metric"] as? String ?? "") + split, score)
            })
    }

    @Test("points have exact distances, modes and an audit, over several seeds")
    func points() throws {
        let place = try MixtureRun.shared.get().place
        let arguments = ["X", "--samples", "100", "--seeds", "3"]
        let card = try object(arguments, in: place)
        #expect(card["samples"] as? Int == 100)
        #expect(card["step"] as? Int == MixtureRun.steps)
        #expect((card["weightsXXH64"] as? String)?.count == 16)
        let scores = try scores(card)
        #expect(
            Set(scores.keys) == [
                "w1", "w1 of two real samples", "w2", "sliced", "modes-recovered of 2",
                "high-quality-share", "reverse-kl",
            ])
        let w1 = try #require(scores["w1"])
        let values = try #require(w1["perSeed"] as? [Double])
        #expect(values.count == 3 && Set(values).count == 3)
        #expect(abs((w1["mean"] as? Double ?? 0) - values.reduce(0, +) / 3) < 1e-12)
        #expect((w1["halfWidth95"] as? Double ?? 0) > 0)
        #expect((scores["w2"]?["mean"] as? Double ?? 0) >= (w1["mean"] as? Double ?? 1))
        let audit = try #require(card["audit"] as? [String: Any])
        let norms = try #require(audit["spectralNorms"] as? [String: Double])
        // The mixture's critic is projected by norms that are exact for a layer of one row, and
        // estimates from below for the other.
        #expect(norms.keys.sorted() == ["critic.0.weight", "critic.2.weight"])
        #expect(abs(try #require(norms["critic.2.weight"]) - 1) < 1e-3)
        #expect((0.999...2).contains(try #require(norms["critic.0.weight"])))
        #expect((audit["verdict"] as? String)?.hasSuffix(".") == true)
        #expect(try object(arguments, in: place) as NSDictionary == card as NSDictionary)
    }

    @Test("images of one's own are seen by their pixels")
    func images() throws {
        let place = try SmallImages.place()
        let training = try place.wgan([
            "train", "small.yaml", "--steps", "2", "--quiet", "--out", "run",
        ])
        try #require(training.code == 0, "\(training.errors)")
        let card = try object(["run", "--samples", "20", "--seeds", "2"], in: place)
        #expect(card["extractor"] as? String == "pixels")
        #expect(card["realSamples"] as? [String: Int] == ["train": 16])
        let scores = try scores(card)
        #expect(scores.keys.contains("fid train") && scores.keys.contains("coverage train"))
        let audit = try #require(card["audit"] as? [String: Any])
        #expect(audit["samples"] as? Int == 8)
        #expect(audit["shareAtBound"] is Double)
        let text = try place.wgan(["evaluate", "run", "--samples", "20", "--seeds", "1"])
        #expect(text.output.contains("fid (train)"))
        #expect(text.output.contains("audit of the critic, 8 samples of each kind"))
    }

    @Test(
        "digits are seen by the classifier, beside both splits",
        .enabled(if: SharedData.hasMNIST, "the folder ../shared/data/mnist is not there"))
    func digits() throws {
        let place = try SmallImages.place()
        let data = ["--data", SharedData.folder]
        let training = try place.wgan(
            ["train", "small.yaml", "--steps", "1", "--quiet", "--out", "run"] + data
                + [
                    "--set", "data=mnist", "--set", "generator.layers.0.linear=784",
                    "--set", "generator.layers.1.reshape={channels: 1, height: 28, width: 28}",
                ])
        try #require(training.code == 0, "\(training.errors)")
        let card = try object(["run", "--samples", "50", "--seeds", "1"] + data, in: place)
        #expect(card["extractor"] as? String == "mnist-classifier")
        #expect(card["realSamples"] as? [String: Int] == ["train": 50, "test": 50])
        let scores = try scores(card)
        for name in ["fid train", "fid test", "kid test", "precision train"] {
            #expect(scores[name] != nil, "\(name)")
        }
        // The run knows where its data was.
        let again = try object(["run", "--samples", "50", "--seeds", "1"], in: place)
        #expect(again as NSDictionary == card as NSDictionary)
        try expectRefusal(
            ["evaluate", "run", "--data", "nowhere"], saying: ["was not found"], in: place)
    }

    @Test("images of 64 pixels in colour have all scores, though no covariance of theirs would fit")
    func largeImages() throws {
        let place = try SmallImages.place()
        for index in 0..<12 {
            let values = (0..<64 * 64 * 3).map { Float(($0 * (index + 3)) % 256) / 127.5 - 1 }
            let image = try PixelImage(values: values[...], width: 64, height: 64, channels: 3)
            try place.write(image.pngData(), to: "photos/\(index).png")
        }
        try place.write("no image", to: "photos/notes.txt")
        let training = try place.wgan([
            "train", "small.yaml", "--steps", "1", "--quiet", "--out", "run", "--data", "photos",
            "--set", "data={imageFolder: {size: 64}}", "--set", "generator.layers.0.linear=12288",
            "--set", "generator.layers.1.reshape={channels: 3, height: 64, width: 64}",
        ])
        try #require(training.code == 0, "\(training.errors)")
        let outcome = try place.wgan(["evaluate", "run", "--samples", "20", "--seeds", "1"])
        #expect(outcome.code == 0, "\(outcome.errors)")
        #expect(outcome.errors.contains("notes.txt"))
        let scores = try scores(object(["run", "--samples", "20", "--seeds", "2"], in: place))
        for name in ["fid", "kid", "precision", "recall", "density", "coverage"] {
            let value = try #require(scores["\(name) train"]?["mean"] as? Double, "\(name)")
            #expect(value.isFinite)
        }
        #expect((scores["fid train"]?["mean"] as? Double ?? 0) > 1)
        #expect(outcome.output.contains("audit of the critic, 6 samples of each kind"))
    }

    @Test("as many images are compared as the memory holds, and what was asked for or nothing")
    func memory() throws {
        var notes: [String] = []
        let count = { (asked: Int?, free: Int) in
            try ImageScores.pixelCount(of: [64, 64, 3], asked: asked, free: free) {
                notes.append($0)
            }
        }
        #expect(try count(nil, 4 << 30) == 2000 && count(5000, 16 << 30) == 5000)
        #expect(notes.isEmpty)
        let fitting = try count(nil, 500 << 20)
        #expect((500...1200).contains(fitting))
        #expect(notes.count == 1 && notes[0].contains("\(fitting) are compared instead"))
        for (asked, free, fragment) in [
            (2000, 500 << 20, "give --samples \(fitting) or fewer"),
            (50, 1 << 20, "not even 10 images fit"),
        ] {
            do {
                _ = try count(asked, free)
                Issue.record("\(asked) images fitted")
            } catch {
                #expect("\(error)".contains(fragment), "\(error)")
            }
        }
    }

    @Test("what is no run, and numbers that make no sense, are refused")
    func refusals() throws {
        let place = try Workplace()
        for (arguments, fragment) in [
            (["nowhere"], "it does not exist"),
            (["nowhere", "--samples", "3"], "--samples 3 makes no sense; give 10 to 100000"),
            (["nowhere", "--seeds", "0"], "--seeds 0 makes no sense"),
        ] {
            try expectRefusal(["evaluate"] + arguments, saying: [fragment], in: place)
        }
    }

    @Test("a training is audited as often as its configuration says")
    func auditing() throws {
        let place = try Workplace()
        let outcome = try place.wgan([
            "train", "mixture", "--steps", "25", "--quiet", "--out", "run", "--set",
            "outputs={audit: {every: 10, samples: 40}}", "--set", "constraint=clipping",
        ])
        try #require(outcome.code == 0, "\(outcome.errors)")
        let series = try MetricHistory(in: RunFolder(opening: place.url("run"))).series()
        let audits = series.filter { $0.key.hasPrefix("audit/") }
        #expect(audits.count == 11 && audits["audit/exactW1"] != nil)
        for (name, series) in audits {
            #expect(series.steps == [0, 10, 20, 25], "\(name)")
            #expect(series.values.allSatisfy { $0.isFinite }, "\(name)")
        }
        #expect(try place.data("run/figures/audit.png").isPNG)
        #expect(try place.text("run/config.yaml").contains("every: 10"))
        try expectRefusal(
            ["train", "mixture", "--set", "outputs.audit.samples=1"],
            saying: ["outputs.audit"], in: place)
    }
}
