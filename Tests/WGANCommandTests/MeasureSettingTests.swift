import ArgumentParser
import Foundation
import Testing

@testable import WGANCommand

/// The settings that samples are read with, as points.
private let points = "count size layout range data"

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
    ]

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
        if option == .threads, measurement.options.contains(.extractor) {
            arguments += ["--extractor", "mnist"]
        }
        return arguments + ["--\(option.rawValue)=\(value)"]
    }

    @Test("each measure takes what it declares and refuses everything else by name")
    func everyPair() throws {
        for measurement in MeasurementCatalogue.all {
            for option in MeasureOption.allCases {
                let value = try #require(Self.values[option])
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
            ("w1", "weights-a weights-b \(points)"), ("w2", "weights-a weights-b \(points)"),
            ("sliced", "weights-a weights-b \(points) directions order seed"),
            ("max-sliced", "weights-a weights-b \(points) directions order seed"),
            ("sinkhorn", "weights-a weights-b \(points) order epsilon tolerance iterations"),
            ("bures", points), ("modes", "weights-b \(points) deviation"),
            ("tv", ""), ("kl", ""), ("js", ""), ("psnr", "count layout range data"),
            ("ms-gmsdc", "count layout range data"), ("fid", "extractor \(points) threads"),
            ("kid", "extractor \(points) subsets subset-size seed threads"),
            ("prdc", "extractor \(points) neighbour threads"),
            ("coverage", "extractor \(points) neighbour threads"),
            ("is", "extractor \(points) splits threads"),
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
            $0.firstMatch(of: /^  --([a-z-]+)/)?.output.1
        }
        let general = ["list", "json"]
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
            ("sinkhorn", "epsilon", "0 -0.1 nan inf"),
            ("sinkhorn", "tolerance", "0 -1 1 nan inf 1e-13"),
            ("sinkhorn", "iterations", "0 -5 10000001"),
            ("modes", "deviation", "0 -0.5 nan inf -inf"),
            ("prdc", "neighbour", "0 -1"), ("kid", "subsets", "0 -1 10001"),
            ("kid", "subset-size", "0 1 -2 1000001"), ("is", "splits", "0 -1"),
            ("fid", "threads", "0 -1 1025"),
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
            (["fid", "a.npy", "b.npy", "--threads", "2"], "pixels are seen by no network"),
        ] {
            let error = #expect(throws: CommandFailure.self) { try check(arguments) }
            #expect(error?.description.contains(reason) == true)
        }
        let pictures = place.url("pictures").path
        #expect(throws: Never.self) { try check(["w1", pictures, "b.csv", "--size", "32"]) }
    }
}
