import ArrayFiles
import Evaluation
import FeatureNetworks
import Foundation
import Testing

@Suite("Measures of features in one call, and their files")
struct MeasureFeaturesTests {
    let place: Workplace

    init() throws {
        place = try Workplace()
        for (name, count, shift) in [("a", 30, 0), ("b", 40, 1)] {
            let values = (0..<count * 3).map { (index: Int) -> Float in
                Float((index * 7919 + shift * 31) % 1000) / 500 + Float(shift) / 4
            }
            try NumpyFile.write(shape: [count, 3], values: values, to: place.url("\(name).npy"))
        }
    }

    private func object(_ arguments: [String]) throws -> [String: Any] {
        let outcome = try place.wgan(["measure"] + arguments + ["--json"])
        try #require(outcome.code == 0, "\(outcome.errors)")
        return try #require(
            try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
    }

    private func refusal(_ arguments: [String]) throws -> String {
        let outcome = try place.wgan(["measure"] + arguments)
        #expect(outcome.code == 2 && outcome.output.isEmpty, "\(arguments)")
        return outcome.errors
    }

    @Test("several measures have the values that each has alone, in the result and in a file")
    func together() throws {
        let names = "fid,kid,mind,prdc,fid-infinity"
        let settings = ["--directions", "20", "--degree", "2", "--sizes", "3"]
        let all = try object([names, "a.npy", "b.npy", "--out", "scores.json"] + settings)
        let file = try JSONSerialization.jsonObject(with: place.data("scores.json"))
        #expect((file as? NSDictionary)?.isEqual(to: all) == true)
        let values = try #require(all["value"] as? [String: Any])
        #expect(values.count == 5)
        let own = [
            "kid": ["--degree", "2"], "mind": ["--directions", "20"],
            "fid-infinity": ["--sizes", "3"],
        ]
        for (name, value) in values {
            let alone = try object([name, "a.npy", "b.npy"] + (own[name] ?? []))
            #expect(NSArray(array: [alone["value"] ?? 0]) == NSArray(array: [value]), "\(name)")
        }
        #expect((all["kid"] as? [String: Any])?["degree"] as? Int == 2)
        let text = try place.wgan(["measure", "fid,kid", "a.npy", "b.npy"]).output
        let lines = text.split(separator: "\n")
        #expect(lines[0].hasPrefix("fid ") && lines[1].hasPrefix("kid "))
        #expect(try refusal(["fid,w1", "a.npy", "b.npy"]).contains("w1 shares nothing"))
        #expect(try refusal(["fid,fid", "a.npy", "b.npy"]).contains("asked for twice"))
        #expect(try refusal(["fid,kid", "a.npy", "b.npy", "--sizes", "3"]).contains("--sizes"))
        #expect(try refusal(["fid", "a.npy", "b.npy", "--out", "none/f.json"]).contains("none"))
    }

    @Test("statistics in a file are a side of the Fréchet distance, of the same extractor alone")
    func statistics() throws {
        let expected = try #require(try object(["fid", "a.npy", "b.npy"])["value"] as? Double)
        _ = try object(["statistics", "b.npy", "--out", "b.npz"])
        _ = try object(["statistics", "a.npy", "--out", "a.npz", "--features", "rows.npy"])
        for sides in [["a.npy", "b.npz"], ["a.npz", "b.npy"], ["a.npz", "b.npz"]] {
            let found = try #require(try object(["fid"] + sides)["value"] as? Double)
            #expect(abs(found - expected) < 1e-12 * (1 + expected), "\(sides)")
        }
        #expect(try object(["fid", "rows.npy", "b.npy"])["value"] as? Double == expected)
        #expect(try refusal(["kid", "a.npy", "b.npz"]).contains("holds the statistics"))
        #expect(try refusal(["statistics", "a.npy"]).contains("--out"))
        let two = ["statistics", "a.npy", "b.npy", "--out", "c.npz"]
        #expect(try refusal(two).contains("one side"))
        let statistics = try GaussianStatistics(
            FeatureMatrix([1.0, 2, 3, 4, 5, 7], dimensions: 3))
        try StatisticsFile(statistics, extractor: "inception", extractorSHA256: "00")
            .write(to: place.url("other.npz"))
        #expect(try refusal(["fid", "b.npz", "other.npz"]).contains("'inception'"))
        // Rows of an array may be features of anything.
        #expect(try object(["fid", "a.npy", "other.npz"])["value"] as? Double ?? 0 > 0)
    }

    @Test("a count chooses samples by a seed, the same in each call, with their weights")
    func chosen() throws {
        func value(_ arguments: [String]) throws -> Double {
            try #require(
                try object(["w1", "a.npy", "b.npy"] + arguments)["value"] as? Double)
        }
        let first = try value(["--count", "20"])
        #expect(try value(["--count", "20", "--seed", "0"]) == first)
        #expect(try value(["--count", "20", "--seed", "1"]) != first)
        #expect(try value(["--count", "100"]) == (try value([])))
        let facts = try object(["w1", "a.npy", "b.npy", "--count", "35"])
        #expect((facts["a"] as? [String: Any])?["chosen"] == nil)
        let b = facts["b"] as? [String: Any]
        #expect(b?["chosen"] as? String == "by seed 0 of 40" && b?["count"] as? Int == 35)
        let ones = [Float](repeating: 1, count: 30)
        try NumpyFile.write(shape: [30], values: ones, to: place.url("w.npy"))
        #expect(abs(try value(["--count", "20", "--weights-a", "w.npy"]) - first) < 1e-12)
        #expect(try refusal(["w1", "a.npy", "b.npy", "--seed", "1"]).contains("--seed"))
    }

    @Test("class probabilities in an array have a classifier score, shuffled if that is asked for")
    func probabilities() throws {
        let rows: [Float] = (0..<40).map { ($0 < 20) == $0.isMultiple(of: 2) ? 1 : 0 }
        try NumpyFile.write(shape: [20, 2], values: rows, to: place.url("p.npy"))
        let sorted = try object(["is", "p.npy", "--splits", "2"])["value"] as? Double
        #expect(abs(try #require(sorted) - 1) < 1e-12)
        let shuffled = try object(["is", "p.npy", "--splits", "2", "--shuffle", "--seed", "3"])
        #expect(try #require(shuffled["value"] as? Double) > 1.2)
        #expect(shuffled["shuffled"] as? String == "by seed 3")
    }

    @Test("settings of features change what they are about")
    func settings() throws {
        func value(_ arguments: [String]) throws -> Double {
            try #require(try object(arguments)["value"] as? Double)
        }
        let exact = try object(["kid", "a.npy", "b.npy", "--exact"])
        #expect((exact["standardError"] as? Double ?? 0) > 0)
        for setting in [["--degree", "1"], ["--gamma", "2"], ["--coef0", "0"]] {
            let other = try value(["kid", "a.npy", "b.npy", "--exact"] + setting)
            #expect(other != exact["value"] as? Double, "\(setting)")
        }
        let refused = try refusal(["kid", "a.npy", "b.npy", "--exact", "--subsets", "3"])
        #expect(refused.contains("--exact compares all pairs"))
        let path = try object(
            ["ppl", "a.npy", "a.npy", "--epsilon", "0.5", "--percentiles", "10,90"])
        #expect(path["value"] as? Double == 0 && path["epsilon"] as? Double == 0.5)
        #expect(try refusal(["ppl", "a.npy", "b.npy"]).contains("30 and 40 samples make no pairs"))
        let same = ["precision", "a.npy", "a.npy", "--neighbour", "1"]
        #expect(try value(same + ["--closed"]) == 1)
    }
}
