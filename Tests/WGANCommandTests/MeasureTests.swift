import ArrayFiles
import Figures
import FileTestSupport
import Foundation
import Testing

@Suite("Measuring")
struct MeasureTests {
    let place: Workplace

    init() throws {
        place = try Workplace()
        try place.write("x,y\n0,0\n1,0\n", to: "a.csv")
        try place.write("0,1\n1,1\n", to: "b.csv")
        try place.write("1\n3\n", to: "weights.csv")
    }

    /// The JSON object of a measure.
    private func object(_ arguments: [String]) throws -> [String: Any] {
        let outcome = try place.wgan(["measure"] + arguments + ["--json"])
        try #require(outcome.code == 0, "\(arguments): \(outcome.errors)")
        #expect(outcome.output.filter { $0 == "\n" }.count == 1)
        let data = Data(outcome.output.utf8)
        let object = try #require(JSONSerialization.jsonObject(with: data) as? [String: Any])
        #expect(object["metric"] as? String == arguments[0])
        return object
    }

    private func value(_ arguments: [String]) throws -> Double {
        try #require(try object(arguments)["value"] as? Double)
    }

    /// Writes an image of one channel whose pixels count up from `first`.
    private func writeImage(_ path: String, from first: Int = 0, size: Int = 16) throws {
        let values = (0..<size * size).map { (index: Int) -> Float in
            Float((index + first) % 256) / 127.5 - 1
        }
        let image = try PixelImage(
            values: values[...], width: size, height: size, channels: 1)
        try place.write(image.pngData(), to: path)
    }

    @Test("distances of points are those that can be told by looking")
    func points() throws {
        for metric in ["w1", "w2", "max-sliced", "bures", "sinkhorn"] {
            #expect(abs(try value([metric, "a.csv", "b.csv"]) - 1) < 1e-6, "\(metric)")
        }
        #expect(abs(try value(["sliced", "a.csv", "b.csv"]) - 1 / 2.0.squareRoot()) < 0.1)
        // A quarter of the mass more has to move one step aside.
        let weighted = try value(["w1", "a.csv", "b.csv", "--weights-a", "weights.csv"])
        #expect(abs(weighted - (0.75 + 0.25 * 2.0.squareRoot())) < 1e-12)
    }

    @Test("small problems that others got wrong come out right, whatever the order of the sides")
    func reported() throws {
        for (name, text) in [
            ("zeroOne", "0\n1\n"), ("half", "0.5\n0.5\n"), ("fifth", "0.2\n0.8\n"),
            ("bins", "0\n1\n2\n3\n"), ("left", "0.5\n0.5\n0\n0\n"),
            ("right", "0\n0\n0.5\n0.5\n"), ("three", "0\n1\n2\n"), ("ones", "1\n1\n1\n"),
            ("first", "2\n0\n0\n"), ("far", "1\n2\n3\n54\n"), ("near", "1\n2\n3\n4\n"),
            ("p", "0,0\n1,0\n1e16,0\n"), ("q", "0.5,0\n2,0\n1e16,0\n"),
            ("r", "0,0\n8795,0\n"), ("s", "1,3\n8795,0\n"), ("g", "0\n2\n"),
            ("h", "10\n10\n13\n"), ("i", "0,0\n2,0\n"), ("j", "0,0\n0,2\n"),
        ] { try place.write(text, to: "\(name).csv") }
        for (arguments, expected) in [
            ("w1 zeroOne zeroOne half fifth", 0.3), ("w1 bins bins left right", 2),
            ("w1 three three ones first", 1), ("w1 p q", 0.5), ("w2 p q", 0.6454972243679028),
            ("w1 r s", 1.5811388300841898), ("fid g h", 100.10102051443365), ("fid i j", 6),
            ("bures i j", 6.0.squareRoot()), ("sliced far near --order=540", 49.87180403451089),
        ] {
            let words = arguments.split(separator: " ").map(String.init)
            let names = words.dropFirst().filter { !$0.hasPrefix("-") }.map { $0 + ".csv" }
            let rest = words.filter { $0.hasPrefix("-") }
            for sides in [[0, 1], [1, 0]] {
                let weights =
                    names.count == 4
                    ? ["--weights-a", names[2 + sides[0]], "--weights-b", names[2 + sides[1]]] : []
                let found = try value([words[0]] + sides.map { names[$0] } + weights + rest)
                #expect(abs(found - expected) < 2e-8 * expected, "\(arguments): \(found)")
            }
        }
    }

    @Test("Sinkhorn's divergence needs no settings, and is zero between equal samples")
    func sinkhorn() throws {
        try place.write("0,0\n1,0\n0,1\n", to: "c.csv")
        try place.write("0,0\n1,1\n0.5,1\n", to: "d.csv")
        let found = try object(["sinkhorn", "c.csv", "d.csv"])
        #expect(abs(try #require(found["value"] as? Double) - 0.4167770657) < 1e-9)
        #expect(abs(try #require(found["sharpValue"] as? Double) - 0.4161242131) < 1e-9)
        #expect(try #require(found["marginalError"] as? Double) <= 1e-9)
        #expect(found["tolerance"] as? Double == 1e-9)
        #expect(try value(["sinkhorn", "c.csv", "c.csv"]) == 0)
        let far = try object(["sliced", "c.csv", "d.csv", "--seed", "18446744073709551615"])
        #expect(far["seed"] as? String == "18446744073709551615")
        let loose = try object(["sinkhorn", "c.csv", "d.csv", "--tolerance", "0.1"])
        #expect(loose["tolerance"] as? Double == 0.1)
        #expect(abs(try #require(loose["value"] as? Double) - 0.4167770657) < 0.01)
    }

    @Test("samples may be in any of the files, and one array of several")
    func files() throws {
        try NumpyFile.write(shape: [2, 2], values: [0, 0, 1, 0], to: place.url("a.npy"))
        try Safetensors.write(
            [("one", [2, 2], [0, 0, 1, 0]), ("two", [2, 2], [9, 9, 9, 9])],
            to: place.url("a.safetensors"))
        for file in ["a.npy", "a.safetensors#one"] {
            #expect(try value(["w1", file, "b.csv"]) == 1)
        }
        let facts = try object(["w1", "a.npy", "b.csv"])["a"] as? [String: Any]
        #expect(facts?["count"] as? Int == 2)
        #expect(facts?["source"] as? String == "a.npy")
    }

    @Test("histograms, modes and what they know beside the value")
    func countsAndModes() throws {
        try place.write("3,1\n", to: "p.csv")
        try place.write("1,3\n", to: "q.csv")
        #expect(try value(["tv", "p.csv", "q.csv"]) == 0.5)
        #expect(abs(try value(["kl", "p.csv", "q.csv"]) - 0.5 * log(3)) < 1e-12)
        #expect(try value(["js", "p.csv", "q.csv"]) < log(2))
        try place.write("1,0\n", to: "r.csv")
        #expect(try object(["kl", "p.csv", "r.csv"])["value"] as? String == "inf")
        let modes = try object(["modes", "a.csv", "b.csv", "--deviation", "0.1"])
        #expect(modes["value"] as? Int == 0)
        #expect(modes["modes"] as? Int == 2)
        #expect(try value(["modes", "a.csv", "a.csv", "--deviation", "0.1"]) == 2)
    }

    @Test("an image is like itself by every measure, and by none like another")
    func images() throws {
        try writeImage("a.png", size: 200)
        try writeImage("b.png", from: 100, size: 200)
        let perfect = [
            "psnr": 80.0, "ssim": 1, "ms-ssim": 1, "gmsd": 0, "ms-gmsd": 0, "mdsi": 0,
            "haarpsi": 1,
        ]
        for (metric, expected) in perfect {
            #expect(abs(try value([metric, "a.png", "a.png"]) - expected) < 1e-9, "\(metric)")
            #expect(abs(try value([metric, "a.png", "b.png"]) - expected) > 0.01, "\(metric)")
        }
    }

    @Test("folders of images pair by name, whatever their endings and sizes")
    func folders() throws {
        try writeImage("one/a.png")
        try writeImage("one/b.png", size: 20)
        try writeImage("one/alone.png")
        try writeImage("two/b.png", size: 20)
        try writeImage("two/a.png")
        let outcome = try place.wgan(["measure", "ssim", "one", "two", "--json"])
        #expect(outcome.messages == "note: 1 image has no partner of its name (alone.png)\n")
        let result = try object(["ssim", "one", "two"])
        #expect(result["pairs"] as? Int == 2)
        #expect(result["unpaired"] as? Int == 1)
        #expect(result["perPair"] as? [Double] == [1, 1])
        #expect(result["standardError"] as? Double == 0)
    }

    @Test("random features see images of any size, and their distances have names of their own")
    func randomFeatures() throws {
        for index in 0..<8 {
            try writeImage("small/\(index).png", from: 3 * index)
            try writeImage("large/\(index).png", from: 5 * index, size: 40)
        }
        let outcome = try place.wgan([
            "measure", "kid", "small", "large", "--extractor", "random", "--json",
        ])
        try #require(outcome.code == 0, "\(outcome.errors)")
        let data = Data(outcome.output.utf8)
        let object = try #require(JSONSerialization.jsonObject(with: data) as? [String: Any])
        #expect(object["metric"] as? String == "kid-random")
        #expect(object["extractor"] as? String == "random-orthonormal")
        #expect(object["resizedTo"] as? String == "64×64×3" && object["features"] as? Int == 512)
        let coverage = try self.object([
            "coverage", "small", "small", "--extractor", "random", "--neighbour", "2",
        ])
        #expect(coverage["value"] as? Double == 1)
    }

    @Test("features are pixels unless told otherwise, and results say what they were")
    func features() throws {
        for index in 0..<12 {
            try writeImage("one/\(index).png", from: 7 * index, size: 4)
            try writeImage("two/\(index).png", from: 11 * index, size: 4)
        }
        let fid = try object(["fid", "one", "two"])
        #expect(fid["extractor"] as? String == "pixels")
        #expect(fid["features"] as? Int == 16)
        #expect(fid["arithmetic"] as? String == "float64")
        #expect(try value(["fid", "one", "one"]) < 1e-9)
        let kid = try object(["kid", "one", "two", "--subsets", "5", "--subset-size", "6"])
        #expect(kid["standardError"] as? Double ?? 0 > 0)
        // Each subset is the whole set: then the error is that of the sets.
        let whole = try object(["kid", "one", "two"])
        let exact = try object(["kid", "one", "two", "--exact"])
        let error = try #require(exact["standardError"] as? Double)
        #expect(error > 0 && whole["standardError"] as? Double == error)
        let one = try object(["kid", "one", "two", "--subsets", "1", "--subset-size", "6"])
        #expect(one["standardError"] is NSNull)
        #expect((one["noStandardError"] as? String)?.contains("--subsets 2") == true)
        let scores = try object(["prdc", "one", "one", "--neighbour", "2"])["value"]
        let all = try #require(scores as? [String: Double])
        #expect(Set(all.keys) == ["precision", "recall", "density", "coverage"])
        #expect(try value(["precision", "one", "one", "--neighbour", "2"]) == all["precision"])
    }

    @Test("a network sees samples, and results carry its hash")
    func network() throws {
        let values = (0..<20 * 784).map { (index: Int) -> Float in
            Float(index * 7919 % 1000) / 500 - 1
        }
        try NumpyFile.write(shape: [20, 28, 28, 1], values: values, to: place.url("a.npy"))
        let score = try object(["is", "a.npy", "--extractor", "mnist"])
        #expect(score["extractor"] as? String == "mnist-classifier")
        #expect((score["extractorSHA256"] as? String)?.count == 64)
        #expect(score["classes"] as? Int == 10)
        let fid = try object(["fid", "a.npy", "a.npy", "--extractor", "mnist"])
        #expect(fid["features"] as? Int == 64)
        #expect((fid["value"] as? Double ?? 1) < 1e-6)
    }

    @Test(
        "a data set's parts have names",
        .enabled(if: SharedData.isPresent, "the folder ../shared/data is not there"))
    func datasets() throws {
        let arguments = [
            "mnist:test", "mnist:train", "--count", "100", "--data", SharedData.folder,
        ]
        let fid = try object(["fid"] + arguments + ["--extractor", "mnist"])
        #expect((fid["a"] as? [String: Any])?["split"] as? String == "test")
        #expect((fid["b"] as? [String: Any])?["count"] as? Int == 100)
    }

    @Test("the list names every measure once, in lines of their own")
    func list() throws {
        let outcome = try place.wgan(["measure", "--list"])
        #expect(outcome.code == 0)
        let names = outcome.output.split(separator: "\n").compactMap {
            $0.split(separator: " ").first
        }
        #expect(Set(names).count == names.count)
        for name in ["psnr", "ms-gmsdc", "w1", "sinkhorn", "fid", "prdc", "js", "modes", "is"] {
            #expect(names.contains { $0 == name }, "\(name)")
        }
    }

    @Test("people get the value first, and lines of what else is known")
    func text() throws {
        let outcome = try place.wgan(["measure", "w1", "a.csv", "b.csv"])
        #expect(outcome.output.hasPrefix("w1  1\n  a "))
    }
}
