import ArgumentParser
import Foundation
import Testing

@testable import WGANCommand

/// The settings that samples are read with, as points.
private let points = "count size layout range data"
/// The settings that images in pairs are read with.
private let pairs = "count layout range data"

@Suite("Settings of measures")
struct MeasureSettingTests {
    let place: Workplace

    init() throws {
        place = try Workplace()
        try place.write("", to: "pictures/a.png")
    }

    /// A value of each setting that makes sense for some samples.
    private static let values: [MeasureOption: String] = [
        .weightsA: "a.csv", .weightsB: "b.csv", .extractor: "mnist", .count: "3", .size: "16",
        .layout: "NHWC", .range: "0,1", .data: "folder", .directions: "7", .order: "3",
        .epsilon: "0.1", .tolerance: "1e-6", .iterations: "50", .deviation: "0.5",
        .neighbour: "2", .subsets: "4", .subsetSize: "5", .splits: "2", .seed: "9", .threads: "1",
        .scaleWeights: "0.4,0.6", .window: "7", .windowDeviation: "2", .combination: "product",
        .degree: "2", .gamma: "0.5", .coef0: "0", .sizes: "4", .smallestSize: "3",
        .percentiles: "5,95", .features: "features.npy", .directionsFile: "d.csv", .ground: "l1",
        .cost: "c.csv", .plan: "/tmp/p.npz", .mass: "0.5", .marginalPenalty: "2",
    ]

    /// Settings without a value.
    private static let flags: Set<MeasureOption> = [.exact, .shuffle, .closed, .grey, .dropLast]

    private func check(_ arguments: [String]) throws {
        _ = try MeasureCommand.parse(arguments).checked()
    }

    /// Arguments that give a measure one setting, and samples that could need it.
    private func arguments(
        _ name: String, _ option: MeasureOption, _ value: String
    ) throws -> [String] {
        let measurement = try MeasurementCatalogue.measurement(named: name)
        let pictures = place.url("pictures").path
        var arguments = [measurement.name, option == .data ? "mnist:test" : pictures]
        if measurement.needsSecond { arguments.append("b.csv") }
        if option == .cost { arguments = [measurement.name] }
        if option == .threads, measurement.options.contains(.extractor) {
            arguments += ["--extractor", "mnist"]
        }
        if measurement.writesOwnFile { arguments += ["--out", place.url("s.npz").path] }
        let isFlag = Self.flags.contains(option)
        return arguments + ["--\(option.rawValue)" + (isFlag ? "" : "=\(value)")]
    }

    @Test("each measure takes what it declares and refuses everything else by name")
    func everyPair() throws {
        for measurement in MeasurementCatalogue.all {
            for option in MeasureOption.allCases {
                let value = Self.values[option] ?? ""
                #expect(value.isEmpty == Self.flags.contains(option))
                let arguments = try arguments(measurement.name, option, value)
                if measurement.options.contains(option) {
                    #expect(throws: Never.self, "\(arguments)") { try check(arguments) }
                } else {
                    let error = #expect(throws: CommandFailure.self, "\(arguments)") {
                        try check(arguments)
                    }
                    let start = "\(measurement.name) does not use --\(option.rawValue); it uses "
                    #expect(error?.description.hasPrefix(start) == true, "\(arguments)")
                }
            }
        }
    }

    @Test(
        "measures use these settings and no others",
        arguments: [
            ("w1", "weights-a weights-b \(points) ground plan"),
            ("w2", "weights-a weights-b \(points) ground plan"),
            ("wp", "weights-a weights-b \(points) order ground plan"),
            ("transport-cost", "weights-a weights-b \(points) order ground cost plan"),
            ("partial", "weights-a weights-b \(points) order ground cost plan mass"),
            ("sliced", "weights-a weights-b \(points) directions directions-file order seed"),
            ("max-sliced", "weights-a weights-b \(points) directions directions-file order seed"),
            (
                "sinkhorn",
                "weights-a weights-b \(points) order ground cost plan epsilon tolerance iterations"
            ),
            (
                "unbalanced",
                "weights-a weights-b \(points) order ground cost plan marginal-penalty epsilon "
                    + "tolerance iterations"
            ),
            ("bures", points), ("modes", "weights-b \(points) deviation"),
            ("tv", ""), ("kl", ""), ("js", ""), ("gmsd", pairs), ("psnr", "\(pairs) grey"),
            ("haarpsi", "\(pairs) grey"), ("ssim", "\(pairs) window window-deviation grey"),
            ("ms-ssim", "\(pairs) scale-weights window window-deviation grey"),
            ("ms-gmsd", "\(pairs) scale-weights"), ("ms-gmsdc", "\(pairs) scale-weights"),
            ("mdsi", "\(pairs) combination"), ("aidl21-report", "\(pairs) drop-last"),
            ("fid", "extractor \(points) threads"),
            (
                "kid",
                "extractor \(points) subsets subset-size exact degree gamma coef0 seed threads"
            ),
            ("prdc", "extractor \(points) neighbour closed threads"),
            ("coverage", "extractor \(points) neighbour closed threads"),
            ("mind", "extractor \(points) directions seed threads"),
            ("ppl", "extractor \(points) epsilon percentiles threads"),
            ("fid-infinity", "extractor \(points) sizes smallest-size seed threads"),
            ("fid,prdc", "extractor \(points) neighbour closed threads"),
            ("fid,is", "extractor \(points) splits shuffle threads"),
            ("is", "extractor \(points) splits shuffle features threads"),
            ("statistics", "extractor \(points) features threads"),
            ("stacked-digits", "count size layout range threads"),
        ])
    func declarations(name: String, expected: String) throws {
        let measurement = try MeasurementCatalogue.measurement(named: name)
        let used = MeasureOption.allCases.filter(measurement.options.contains).map(\.rawValue)
        #expect(used == expected.split(separator: " ").map(String.init))
    }

    @Test("the help has each setting, and no setting is unknown to the measures")
    func help() {
        let words = MeasureCommand.helpMessage(columns: 10_000).split(separator: "\n").compactMap {
            $0.firstMatch(of: /^  --([a-z0-9-]+)/)?.output.1
        }
        let general = ["list", "json", "out"]
        #expect(
            Set(words.map(String.init)).subtracting(general)
                == Set(MeasureOption.allCases.map(\.rawValue)))
        for option in MeasureOption.allCases {
            #expect(MeasurementCatalogue.all.contains { $0.options.contains(option) })
        }
    }

    @Test(
        "values that make no sense for any samples are refused before any is read",
        arguments: [
            ("w1", "count", "0 -1"), ("fid", "size", "0 -3 4097"),
            ("psnr", "range", "5,1 1,1 nan,1 0,inf 0 0,1,2 , 0, a,b 0;1"),
            ("sliced", "directions", "0 -1 1000001"),
            ("sliced", "order", "0 0.999 -1 nan -inf"),
            ("max-sliced", "order", "0.5 nan"), ("sinkhorn", "order", "0.5 nan"),
            ("sinkhorn", "epsilon", "0 -0.1 nan inf"), ("wp", "order", "0 0.5 nan"),
            ("partial", "mass", "0 -1 nan inf"), ("unbalanced", "marginal-penalty", "0 -1 nan inf"),
            ("w1", "plan", "plan plan.npy npz"),
            ("sinkhorn", "tolerance", "0 -1 1 nan inf 1e-13"),
            ("sinkhorn", "iterations", "0 -5 10000001"),
            ("modes", "deviation", "0 -0.5 nan inf -inf"),
            ("prdc", "neighbour", "0 -1"), ("kid", "subsets", "0 -1 10001"),
            ("kid", "subset-size", "0 1 -2 1000001"), ("is", "splits", "0 -1"),
            ("kid", "degree", "0 -1 17"), ("kid", "gamma", "0 -1 nan inf"),
            ("kid", "coef0", "-0.1 nan inf"), ("fid-infinity", "sizes", "1 0 1001"),
            ("fid-infinity", "smallest-size", "1 0 -5"),
            ("ppl", "percentiles", "5 9,1 -1,99 0,101 a,b 1,2,3 , nan,1"),
            ("fid", "threads", "0 -1 1025"),
            ("ms-ssim", "scale-weights", ", 0.4, 0.4;0.6 -1,2 nan inf,1 1,,2 a"),
            ("ms-gmsd", "scale-weights", "1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1"),
            ("ssim", "window", "0 -1 2 10 1025 9223372036854775807"),
            ("ms-ssim", "window-deviation", "0 -1 nan inf"),
        ])
    func impossibleValues(name: String, option: String, values: String) throws {
        let option = try #require(MeasureOption(rawValue: option))
        for value in values.split(separator: " ") {
            let error = #expect(throws: CommandFailure.self, "\(option) \(value)") {
                try check(arguments(name, option, String(value)))
            }
            let sentence = try #require(error).description
            #expect(sentence.hasPrefix("--\(option.rawValue) "), "\(sentence)")
            #expect(sentence.contains("; give "), "\(sentence)")
        }
    }

    @Test("a setting that these samples do not need is refused, with the reason")
    func idleSettings() throws {
        for (arguments, reason) in [
            (["w1", "a.csv", "b.csv", "--size", "32"], "no side is a folder"),
            (["w1", "a.csv", "b.csv", "--data", "there"], "no side is mnist:…"),
            (["sliced", "a.csv", "b.csv", "--directions=3", "--directions-file=d.csv"], "has all"),
            (["sliced", "a.csv", "b.csv", "--seed=3", "--directions-file=d.csv"], "at random"),
            (["transport-cost", "--cost=c.csv", "--order=2"], "what each way costs"),
            (["sinkhorn", "--cost=c.csv", "--ground=l1"], "what each way costs"),
            (["fid", "a.npy", "b.npy", "--threads", "2"], "pixels are seen by no network"),
        ] {
            let error = #expect(throws: CommandFailure.self) { try check(arguments) }
            #expect(error?.description.contains(reason) == true)
        }
        let pictures = place.url("pictures").path
        #expect(throws: Never.self) { try check(["w1", pictures, "b.csv", "--size", "32"]) }
    }
}
