import Foundation
import Testing

#if canImport(FoundationXML)
    import FoundationXML
#endif

@Suite("Critics against known distances")
struct CriticsTests {
    private static let quick = ["--updates", "3", "--quiet"]

    private static let training = """
        name: mine
        data: swissRoll
        batchSize: 32
        latent: {size: 3, distribution: normal}
        generator:
          layers: [{linear: 7}, relu, {linear: 2}]
          optimiser: {adam: {learningRate: 1e-3}}
        critic:
          layers: [{linear: 8}, groupSort, {linear: 1}]
          optimiser: {adam: {learningRate: 1e-3}}
        constraint: orthonormal
        steps: 2
        """

    @Test("are judged one by one, published ones and a training's, on every pair and seed")
    func results() throws {
        let place = try Workplace()
        try place.write(Self.training, to: "mine.yaml")
        try place.write(
            Self.training.replacing("name: mine", with: "name: plain")
                .replacing("orthonormal", with: "{gradientPenalty: {coefficient: 1}}"),
            to: "plain.yaml")
        let outcome = try place.wgan(
            ["critics", "gp", "cones", "mine.yaml", "plain.yaml", "--pairs", "2,3", "5,1"]
                + ["--seeds", "1", "2", "--json"] + Self.quick)
        try #require(outcome.code == 0, "\(outcome.errors)")
        let found = try #require(
            JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [[String: Any]])
        #expect(
            found.map { "\($0["method"]!) \($0["dimensions"]!),\($0["funnels"]!) \($0["seed"]!)" }
                == ["2,3", "5,1"].flatMap { pair in
                    ["gp", "cones", "mine", "plain"].flatMap { method in
                        ["1", "2"].map { "\(method) \(pair) \($0)" }
                    }
                })
        // A training's own length counts where it is shorter.
        #expect(found.compactMap { $0["updates"] as? Int }.prefix(6) == [3, 3, 3, 3, 2, 2])
        for result in found {
            let scores = try #require(result["scores"] as? [String: Double])
            #expect(try #require(scores["distance"]) > 0)
            #expect(try (-1.0001...1.0001).contains(#require(scores["cosine"])))
        }
    }

    @Test("have a page with a panel for each critic of the plane, and a table with intervals")
    func page() throws {
        let place = try Workplace()
        let outcome = try place.wgan(
            ["critics", "clip", "maxmin", "--pairs", "2,4", "3,2", "--seeds", "1", "2"]
                + ["--out", "critics.html"] + Self.quick)
        try #require(outcome.code == 0, "\(outcome.errors)")
        let lines = outcome.output.split(separator: "\n")
        #expect(lines.count == 5 && lines[1].contains("clip") && lines[1].contains("±"))
        // The published row of this pair, as shares of its distance.
        #expect(lines[1].contains("0.072") && lines[1].contains("0.038"))
        let page = try place.text("critics.html")
        let parser = XMLParser(data: Data(page.replacing("<!DOCTYPE html>", with: "").utf8))
        #expect(parser.parse())
        // Two charts, the optimal critic and two learned ones.
        // Each figure is there with a nested clipped part.
        #expect(page.components(separatedBy: "<svg").count - 1 == 2 * 5)
        #expect(!page.contains("<script") && !page.contains("http-equiv=\"refresh\""))
    }

    @Test("are refused before any work where a method, a pair or a number makes no sense")
    func refusals() throws {
        let place = try Workplace()
        try place.write(
            Self.training.replacing("steps: 2", with: "steps: 2\ncondition: {classes: 2}"),
            to: "conditional.yaml")
        try place.write(
            Self.training.replacing("steps: 2", with: "epochs: 2"), to: "epochs.yaml")
        for (arguments, fragment) in [
            (["gq"], "no method 'gq'; name one of clip, gp"), (["no.yaml"], "no such file"),
            (["conditional.yaml"], "condition"), (["epochs.yaml"], "epochs"),
            (["mnist-gp"], "[N, H, W, C]"), (["gp", "--pairs", "0,4"], "makes no sense"),
            (["gp", "--pairs", "4,0"], "makes no sense"),
            (["gp", "--updates", "0"], "--updates 0 makes no sense"),
            (["gp", "--threads", "0"], "--threads 0 makes no sense"),
            (["gp", "--out", ""], "--out is empty"),
            (["gp", "--pairs", "4096,1000000"], "4096 dimensions are not possible"),
        ] {
            try expectRefusal(["critics"] + arguments, saying: [fragment], in: place)
        }
    }
}
