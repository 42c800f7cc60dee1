import Figures
import FileTestSupport
import Foundation
import TensorGraph
import Testing

@testable import Runs
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
        #expect(card["samples"] as? Int == 100 && card["modeSamples"] as? Int == 10_000)
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
        let few = try object(
            ["X", "--samples", "50", "--seeds", "1", "--mode-samples", "2500"], in: place)
        #expect(few["modeSamples"] as? Int == 2500)
        try expectRefusal(
            ["evaluate", "X", "--extractor", "random"], saying: ["--extractor is about images"],
            in: place)
    }

    @Test("images of one's own are seen by random features, or as they are asked to be")
    func images() throws {
        let place = try SmallImages.place()
        let training = try place.wgan([
            "train", "small.yaml", "--steps", "2", "--quiet", "--out", "run",
        ])
        try #require(training.code == 0, "\(training.errors)")
        let card = try object(["run", "--samples", "20", "--seeds", "2"], in: place)
        #expect(card["extractor"] as? String == "random-orthonormal")
        #expect((card["extractorSHA256"] as? String)?.count == 64)
        #expect(card["resizedTo"] as? String == "64×64×3")
        #expect(card["realSamples"] as? [String: Int] == ["train": 16])
        let scores = try scores(card)
        #expect(scores["fid-random train"] != nil && scores["coverage train"] != nil)
        #expect(scores["fid train"] == nil)
        let audit = try #require(card["audit"] as? [String: Any])
        #expect(audit["samples"] as? Int == 8)
        #expect(audit["shareAtBound"] is Double)
        let text = try place.wgan(["evaluate", "run", "--samples", "20", "--seeds", "1"])
        #expect(text.output.contains("fid-random (train)"))
        #expect(text.output.contains("audit of the critic, 8 samples of each kind"))
        let pixels = ["run", "--samples", "20", "--seeds", "1", "--extractor", "pixels"]
        let seen = try object(pixels, in: place)
        #expect(seen["extractor"] as? String == "pixels")
        #expect(try self.scores(seen)["fid train"] != nil)
        for (arguments, fragments) in [
            (["--extractor", "nonsense"], ["there is no extractor 'nonsense'", "random"]),
            (
                ["--extractor", "mnist"],
                ["takes images of 28×28×1, not samples of 4×4×1", "another extractor"]
            ),
            (["--mode-samples", "50"], ["is about mixtures and stacked digits"]),
        ] {
            try expectRefusal(["evaluate", "run"] + arguments, saying: fragments, in: place)
        }
    }

    @Test("samples stand beside the training images that are most like them")
    func copies() throws {
        let place = try SmallImages.place()
        let training = try place.wgan([
            "train", "small.yaml", "--steps", "2", "--quiet", "--out", "run",
        ])
        try #require(training.code == 0, "\(training.errors)")
        let card = try object(["run", "--samples", "20", "--seeds", "1"], in: place)
        let copies = try #require(card["memorisation"] as? [String: Any])
        #expect(copies["samples"] as? Int == 20 && copies["trainingImages"] as? Int == 16)
        #expect(copies["referenceImages"] as? Int == 16)
        #expect(copies["reference"] as? String == "training images, themselves left out")
        #expect(copies["mirroredToo"] as? Bool == false)
        // The images count up by 16 from one to the next, in all pixels.
        let difference = try #require(copies["medianReferenceDifference"] as? Double)
        #expect(abs(difference - 16) < 1e-4)
        let share = try #require(copies["copyShare"] as? Double)
        let chance = try #require(copies["pValue"] as? Double)
        #expect((0...1).contains(share) && (0...1).contains(chance))
        for name in ["nearest-training-images", "nearest-distances"] {
            #expect(try place.data("run/figures/\(name).png").isPNG)
            #expect(try place.text("run/figures/\(name).svg").contains("</svg>"))
        }
        let report = try place.wgan(["report", "run"])
        try #require(report.code == 0, "\(report.errors)")
        let page = try place.text("run/report.html")
        #expect(page.contains("Copies of training images"))
        #expect(page.components(separatedBy: "data:image/svg+xml;base64,").count == 3)
    }

    @Test("mirrored training images count where the training saw them, none is its own neighbour")
    func mirroredCopies() throws {
        let place = try SmallImages.place()
        for index in 0..<8 {
            // Dark at the left, more or less so.
            let values = (0..<64).map { Float($0 % 8 * (9 + 3 * index)) / 127.5 - 1 }
            let image = try PixelImage(values: values[...], width: 8, height: 8, channels: 1)
            try place.write(image.pngData(), to: "photos/\(index).png")
        }
        let training = try place.wgan([
            "train", "small.yaml", "--steps", "1", "--quiet", "--out", "run", "--data", "photos",
            "--set", "batchSize=2", "--set",
            "data={imageFolder: {size: 8, channels: 1, flip: true}}", "--set",
            "generator.layers.0.linear=64", "--set",
            "generator.layers.1.reshape={channels: 1, height: 8, width: 8}",
        ])
        try #require(training.code == 0, "\(training.errors)")
        let card = try object(["run", "--samples", "10", "--seeds", "1"], in: place)
        let copies = try #require(card["memorisation"] as? [String: Any])
        #expect(copies["trainingImages"] as? Int == 8 && copies["mirroredToo"] as? Bool == true)
        // Neighbours differ by 3 levels in each column: √(9 · mean of 0², 1², … 7²).
        let distance = try #require(copies["medianReferenceDifference"] as? Double)
        #expect(abs(distance - (9.0 * 17.5).squareRoot()) < 1e-4)
    }

    @Test(
        "the classes of stacked digits are counted beside those of real ones",
        .enabled(if: SharedData.isPresent, "the folder ../shared/data is not there"))
    func stackedDigits() throws {
        let place = try SmallImages.place()
        let training = try place.wgan([
            "train", "small.yaml", "--steps", "1", "--quiet", "--out", "run", "--data",
            SharedData.folder, "--set", "data={stackedDigits: {split: test, samples: 200}}",
            "--set", "generator.layers.0.linear=2352", "--set",
            "generator.layers.1.reshape={channels: 3, height: 28, width: 28}",
        ])
        try #require(training.code == 0, "\(training.errors)")
        let card = try object(
            ["run", "--samples", "20", "--mode-samples", "300", "--seeds", "1"], in: place)
        #expect(card["modeSamples"] as? Int == 300)
        #expect(abs((card["floorKLUniform"] as? Double ?? 0) - 999.0 / 600) < 1e-12)
        let scores = try scores(card)
        let found = try #require(scores["classes-found of 1000"]?["mean"] as? Double)
        let divergence = try #require(scores["kl-uniform"]?["mean"] as? Double)
        // An untrained generator makes next to one class, real digits nearly as many as samples.
        #expect((1..<100).contains(found) && divergence > 2)
        #expect((220...300).contains(try #require(card["realClassesFound"] as? Int)))
        #expect(try #require(card["realKLUniform"] as? Double) < 1.5)
        let copies = try #require(card["memorisation"] as? [String: Any])
        #expect(copies["reference"] as? String == "images that were held out")
        let sampling = try place.wgan(["sample", "run", "--count", "30", "--out", "x.npy"])
        try #require(sampling.code == 0, "\(sampling.errors)")
        let measure = try place.wgan(["measure", "stacked-digits", "x.npy", "--json"])
        try #require(measure.code == 0, "\(measure.errors)")
        #expect(measure.output.contains("\"classes\":1000"))
        for (arguments, fragment) in [
            (["x.npy", "x.npy"], "leave out B"),
            (["images.idx"], "are images of 28×28×3 or 32×32×3, not of 4×4×1"),
        ] {
            try expectRefusal(
                ["measure", "stacked-digits"] + arguments, saying: [fragment], in: place)
        }
    }

    @Test(
        "digits are seen by the classifier, beside both splits",
        .enabled(if: SharedData.isPresent, "the folder ../shared/data is not there"))
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
        for name in ["fid-random", "kid-random", "precision", "recall", "density", "coverage"] {
            let value = try #require(scores["\(name) train"]?["mean"] as? Double, "\(name)")
            #expect(value.isFinite)
        }
        #expect((scores["fid-random train"]?["mean"] as? Double ?? 0) > 1)
        let pixels = try object(
            ["run", "--samples", "20", "--seeds", "1", "--extractor", "pixels"], in: place)
        #expect(((try self.scores(pixels))["fid train"]?["mean"] as? Double ?? 0) > 1)
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
            (["nowhere", "--mode-samples", "3"], "--mode-samples 3 makes no sense"),
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
        #expect(audits.count == 12 && audits["audit/exactW1"] != nil)
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
