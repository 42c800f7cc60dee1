import Figures
import Foundation
import Testing

@Suite("Runs beside each other")
struct CompareTests {
    /// Two short trainings of the mixture, `a` and `b`, and one on other data, `other`.
    private func place() throws -> Workplace {
        let place = try Workplace()
        for (name, settings) in [
            ("a", ["constraint=clipping"]), ("b", ["generator.optimiser.adam.learningRate=0.01"]),
            ("other", ["data.mixtureGrid.modes=3"]),
        ] {
            let frames = "outputs.frames={every: 10, generated: 40}"
            let outcome = try place.wgan(
                ["train", "mixture", "--quiet", "--steps", "40", "--out", name]
                    + (settings + [frames, "outputs.snapshots=0"]).flatMap { ["--set", $0] })
            try #require(outcome.code == 0, "\(outcome.errors)")
        }
        return place
    }

    @Test("have their measures side by side with significance, a chart and an animation")
    func comparison() throws {
        let place = try place()
        let arguments = ["compare", "a", "b", "--samples", "50", "--seeds", "4"]
        let outcome = try place.wgan(arguments + ["--out", "C", "--frames", "3", "--json"])
        try #require(outcome.code == 0, "\(outcome.errors)")
        let data = Data(outcome.output.utf8)
        let object = try #require(JSONSerialization.jsonObject(with: data) as? [String: Any])
        #expect(object["runs"] as? [String] == ["a", "b"])
        #expect((object["method"] as? String)?.contains("Welch") == true)
        let measures = try #require(object["measures"] as? [[String: Any]])
        let names = measures.compactMap { $0["name"] as? String }
        #expect(names.contains("w1") && !names.contains("w1 of two real samples"))
        let distance = try #require(measures.first { $0["name"] as? String == "w1" })
        let scores = try #require(distance["scores"] as? [[String: Any]])
        let means = scores.compactMap { $0["mean"] as? Double }
        let test = try #require((distance["tests"] as? [[String: Any]])?.first)
        let difference = try #require(test["difference"] as? Double)
        #expect(means.count == 2 && abs(means[1] - means[0] - difference) < 1e-9)
        let (raw, adjusted) = (test["p"] as? Double, test["adjustedP"] as? Double)
        #expect(try #require(raw) <= #require(adjusted))
        let gif = try GIFReader(try place.data("C/comparison.gif"))
        #expect(gif.frameCount == 3 && gif.width == 812)
        #expect(try place.data("C/comparison.png").isPNG)
        let svg = try place.text("C/comparison.svg")
        #expect(svg.contains("Exact W₁") && svg.contains("two real samples"))
        let text = try place.wgan(arguments)
        #expect(text.code == 0 && text.output.contains("\nw1 "))
        #expect(text.output.contains("p: Welch's t-test"))
    }

    @Test("are refused where they cannot be compared")
    func refusals() throws {
        let place = try place()
        for (arguments, fragment) in [
            (["a"], "one run has nothing to be compared with"),
            (["a", "a"], "a run is named twice"),
            (["a", "other"], "other was trained on other data than a"),
            (["a", "nowhere"], "nowhere"),
            (["a", "b", "--seeds", "1"], "--seeds 1 makes no sense"),
            (["a", "b", "--out", "other"], "not empty"),
        ] {
            try expectRefusal(["compare"] + arguments, saying: [fragment], in: place)
        }
    }
}
