import Foundation
import Testing

@Suite("Figures of distances")
struct DistancesTests {
    @Test("are drawn, and a classifier tells a distant generator nothing where a critic does")
    func figures() throws {
        let place = try Workplace()
        let outcome = try place.wgan([
            "distances", "--steps", "2", "--seeds", "1", "--quiet", "--json",
        ])
        try #require(outcome.code == 0, "\(outcome.errors)")
        let data = Data(outcome.output.utf8)
        let object = try #require(JSONSerialization.jsonObject(with: data) as? [String: Any])
        let gradients = try #require(object["gradients"] as? [String: Double])
        #expect(try #require(gradients["classifier"]) < 0.05)
        #expect(try (0.5...1.5).contains(#require(gradients["critic"])))
        let modes = try #require(object["modes"] as? [[String: Any]])
        #expect(modes.compactMap { $0["objective"] as? String } == ["classical", "wasserstein"])
        #expect(modes.allSatisfy { ($0["w1"] as? Double ?? -1) > 0 })
        let names = ["mode-collapse", "parallel-lines", "vanishing-gradients"]
        #expect(
            try place.entries()
                == ["distances"] + names.flatMap { ["distances/\($0).png", "distances/\($0).svg"] })
        // Four panels with 41 points each, of which Kullback and Leibler's has one.
        let svg = try place.text("distances/parallel-lines.svg")
        #expect(svg.components(separatedBy: "<circle").count - 1 == 3 * 41 + 1)
    }

    @Test("need a folder of their own and numbers that make sense")
    func refusals() throws {
        let place = try Workplace()
        try place.write("x", to: "full/x")
        for (arguments, fragment) in [
            (["--out", "full"], "not empty"), (["--out", ""], "--out is empty"),
            (["--steps", "0"], "--steps 0 makes no sense"),
            (["--seeds", "0"], "--seeds 0 makes no sense"),
        ] {
            try expectRefusal(["distances"] + arguments, saying: [fragment], in: place)
        }
    }
}
