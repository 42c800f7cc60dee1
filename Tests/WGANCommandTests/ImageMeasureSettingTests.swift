import ArrayFiles
import Evaluation
import Foundation
import Philox
import Testing

/// The settings of measures of image pairs, from the command to the library and back in the result.
@Suite("Measuring image pairs with settings")
struct ImageMeasureSettingTests {
    let place: Workplace
    private let (a, b): (SampleImages, SampleImages)

    init() throws {
        place = try Workplace()
        var random = RandomStream(seed: 5, stream: 0)
        let (count, side) = (3, 48)
        let first = (0..<count * side * side * 3).map { _ in Float(random.nextUniform()) }
        let second = first.map { 0.7 * $0 + 0.3 * Float(random.nextUniform()) }
        a = try SampleImages(height: side, width: side, channels: 3, samples: first)
        b = try SampleImages(height: side, width: side, channels: 3, samples: second)
        try NumpyFile.write(
            shape: [count, side, side, 3], values: first, to: place.url("a.npy"))
        try NumpyFile.write(
            shape: [count, side, side, 3], values: second, to: place.url("b.npy"))
        var planes: [Float] = []
        for (image, channel) in (0..<count).flatMap({ n in (0..<3).map { (n, $0) } }) {
            let start = image * side * side * 3 + channel
            for pixel in 0..<side * side { planes.append(second[start + 3 * pixel] * 2 - 1) }
        }
        try NumpyFile.write(
            shape: [count, 3, side, side], values: planes, to: place.url("planes.npy"))
    }

    private func object(_ arguments: [String]) throws -> [String: Any] {
        let outcome = try place.wgan(["measure"] + arguments + ["--json"])
        try #require(outcome.code == 0, "\(arguments): \(outcome.errors)")
        let data = Data(outcome.output.utf8)
        return try #require(JSONSerialization.jsonObject(with: data) as? [String: Any])
    }

    @Test("gives what the library gives, for each pair and in the mean")
    func values() throws {
        let window = try SimilarityWindow(size: 7, deviation: 2.5)
        for (arguments, measure) in [
            ("psnr", PSNR()), ("psnr --grey", PSNR(isChromatic: false)),
            ("ssim", SSIM()), ("ssim --window 7 --window-deviation 2.5", SSIM(window: window)),
            ("ssim --grey", SSIM(isChromatic: false)),
            ("ms-ssim --scale-weights 0.4,0.6", try MSSSIM(weights: [0.4, 0.6])),
            (
                "ms-ssim --scale-weights 1,2,0.5 --window 7 --window-deviation 2.5 --grey",
                try MSSSIM(weights: [1, 2, 0.5], window: window, isChromatic: false)
            ),
            ("gmsd", GMSD()), ("ms-gmsd --scale-weights 1,2", try MSGMSD(weights: [1, 2])),
            ("ms-gmsdc --scale-weights 0.5,0.5", try MSGMSDc(weights: [0.5, 0.5])),
            ("mdsi --combination product", MDSI(combination: .product)),
            ("mdsi --combination sum", MDSI()),
            ("haarpsi --grey", HaarPSI(isChromatic: false)), ("haarpsi", HaarPSI()),
        ] as [(String, any ImageMeasure)] {
            let words = arguments.split(separator: " ").map(String.init)
            let result = try object(
                [words[0], "a.npy", "b.npy", "--range", "0,1"] + words.dropFirst())
            let expected = try measure.values(a, b)
            let perPair = try #require(result["perPair"] as? [Double])
            #expect(perPair.count == 3, "\(arguments)")
            for (got, expected) in zip(perPair, expected.perImage) {
                #expect(abs(got - expected) < 1e-12 * max(1, expected), "\(arguments)")
            }
            let value = try #require(result["value"] as? Double)
            #expect(abs(value - expected.mean) < 1e-12, "\(arguments)")
        }
    }

    @Test("says in the result with which settings it was computed")
    func facts() throws {
        let range = ["--range", "0,1"]
        let window = ["--window", "5", "--window-deviation", "0.75"]
        let structure = try object(
            ["ms-ssim", "a.npy", "b.npy", "--scale-weights", "0.25,0.75"] + window + range)
        #expect(structure["scaleWeights"] as? [Double] == [0.25, 0.75])
        #expect(structure["window"] as? Int == 5)
        #expect(structure["windowDeviation"] as? Double == 0.75)
        #expect(structure["grey"] as? Bool == false)
        let grey = try object(["psnr", "a.npy", "b.npy", "--grey"] + range)
        #expect(grey["grey"] as? Bool == true && grey["epsilon"] as? Double == 1e-8)
        let product = ["mdsi", "a.npy", "b.npy", "--combination", "product"] + range
        #expect(try object(product)["combination"] as? String == "product")
        let sum = try object(["mdsi", "a.npy", "b.npy"] + range)
        #expect(sum["combination"] as? String == "sum")
    }

    @Test("takes another layout and another range for each side, and says them")
    func sides() throws {
        let arguments = [
            "ssim", "a.npy", "planes.npy", "--layout", "NHWC,NCHW", "--range", "0,1,-1,1",
        ]
        let result = try object(arguments)
        let expected = try SSIM().values(a, b).mean
        #expect(abs((result["value"] as? Double ?? 0) - expected) < 1e-6)
        let (first, second) = (result["a"] as? [String: Any], result["b"] as? [String: Any])
        #expect(first?["layout"] as? String == "NHWC" && second?["layout"] as? String == "NCHW")
        let swapped = ["ssim", "a.npy", "planes.npy", "--layout", "NCHW,NHWC", "--range", "0,1"]
        try expectRefusal(
            ["measure"] + swapped, saying: ["a.npy has 48 channels by the layout NCHW"], in: place)
    }

    @Test("takes the first pairs alone where a count is given, also of unequal numbers")
    func count() throws {
        try NumpyFile.write(
            shape: [2, 48, 48, 3], values: [Float](repeating: 0.5, count: 2 * 48 * 48 * 3),
            to: place.url("two.npy"))
        let range = ["--range", "0,1"]
        let all = try object(["psnr", "a.npy", "b.npy"] + range)["perPair"] as? [Double]
        let some = try object(["psnr", "a.npy", "b.npy", "--count", "2"] + range)
        #expect(try some["perPair"] as? [Double] == Array(#require(all).prefix(2)))
        let unequal = try object(["psnr", "a.npy", "two.npy", "--count", "2"] + range)
        #expect(unequal["pairs"] as? Int == 2)
        for count in [[], ["--count", "3"]] {
            try expectRefusal(
                ["measure", "psnr", "a.npy", "two.npy"] + range + count,
                saying: ["3 images cannot be paired with 2"], in: place)
        }
    }

    @Test("refuses settings that make no difference or no sense for these images")
    func refusals() throws {
        try NumpyFile.write(
            shape: [2, 12, 12, 1], values: [Float](repeating: -1, count: 288),
            to: place.url("grey.npy"))
        try NumpyFile.write(
            shape: [1, 2, 12, 12, 1], values: [Float](repeating: -1, count: 288),
            to: place.url("deep.npy"))
        try place.write(
            Data([0, 0, 8, 3, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 2, 0, 255]), to: "a.idx")
        for (arguments, fragment) in [
            (["psnr", "grey.npy", "grey.npy", "--grey"], "--grey has no effect here: no image"),
            (["ssim", "grey.npy", "grey.npy", "--window", "13"], "give at least 13×13"),
            (["ms-ssim", "grey.npy", "grey.npy"], "give at least 161×161"),
            (["psnr", "deep.npy", "deep.npy"], "images have two axes to four"),
            (
                ["psnr", "grey.npy", "a.idx", "--layout", "NHWC,NHWC"],
                "--layout has a value for A and one for B, and only one array is there"
            ),
            (
                ["psnr", "a.idx", "grey.npy", "--range=-1,1,-1,1"],
                "--range has a value for A and one for B, and only one array is there"
            ),
            (["aidl21-report", "grey.npy", "grey.npy", "--count", "0"], "--count 0"),
        ] {
            try expectRefusal(["measure"] + arguments, saying: [fragment], in: place)
        }
        try expectUsageError(
            ["measure", "mdsi", "grey.npy", "grey.npy", "--combination", "mean"], saying: "mean",
            in: Workplace())
    }

    @Test("reports the means of AIDL21-SAGAN, with a warning")
    func report() throws {
        let range = ["--range", "0,1"]
        let report = try AIDL21Report(real: b, generated: a)
        let result = try object(["aidl21-report", "a.npy", "b.npy"] + range)
        let means = try #require(result["value"] as? [String: Double])
        for (name, expected) in [
            ("psnr", report.psnr), ("ssim", report.ssim), ("haarpsi", report.haarPSI),
            ("ms-gmsd", report.msGMSD), ("mdsi", report.mdsi),
        ] {
            #expect(abs((means[name] ?? .nan) - expected) < 1e-12, "\(name)")
        }
        #expect(means.count == 5 && result["pairs"] as? Int == 3)
        #expect((result["warning"] as? String)?.contains("nothing to do with each other") == true)
        let dropped = try object(["aidl21-report", "a.npy", "b.npy", "--drop-last"] + range)
        #expect(dropped["pairs"] as? Int == 2 && dropped["dropLast"] as? Bool == true)
        let fewer = try AIDL21Report(real: b, generated: a, droppingLast: true)
        let mdsi = (dropped["value"] as? [String: Double])?["mdsi"] ?? .nan
        #expect(abs(mdsi - fewer.mdsi) < 1e-12)
        try NumpyFile.write(
            shape: [1, 48, 48, 3], values: [Float](repeating: 0.5, count: 48 * 48 * 3),
            to: place.url("one.npy"))
        let constant = try object(["aidl21-report", "one.npy", "b.npy"] + range)
        #expect(constant["pairs"] as? Int == 1 && constant["constantA"] as? Int == 1)
        #expect(constant["constantB"] as? Int == 0)
        try expectRefusal(
            ["measure", "aidl21-report", "one.npy", "b.npy", "--drop-last"] + range,
            saying: ["no pair of images is left"], in: place)
    }
}
