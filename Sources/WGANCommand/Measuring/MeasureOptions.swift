import ArgumentParser
import Evaluation
import Foundation
import OptimalTransport

/// The settings of measures; each measure says which of them it uses.
///
/// Nothing has a value of its own, so that a setting that was given can be told from one that was
/// not. What a missing one stands for is in its help and where it is used.
struct MeasureOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Weights of the points of A.", valueName: "file"))
    var weightsA: String?

    @Option(help: ArgumentHelp("Weights of the points of B.", valueName: "file"))
    var weightsB: String?

    @Option(
        help: ArgumentHelp(
            "What features are: pixels, random, mnist, fashion-mnist or a .safetensors network. "
                + "(default: pixels)", valueName: "name|file"))
    var extractor: String?

    @Option(help: "Take the first samples of each side alone.")
    var count: Int?

    @Option(help: "Resize images of folders to this many pixels a side.")
    var size: Int?

    @Option(
        help: ArgumentHelp(
            "What the axes of arrays of images are: NHWC, NCHW, NHW, HWC, CHW or HW.",
            valueName: "axes"))
    var layout: ArrayLayout?

    @Option(
        help: ArgumentHelp(
            "What black and white are in arrays of images, or in those of A and of B.",
            valueName: "low,high[,low,high]"))
    var range: String?

    @Option(
        help: ArgumentHelp(
            "The folder with the files of mnist:… and fashion-mnist:….", valueName: "folder"))
    var data: String?

    @Option(help: "Directions of sliced (default: 100), searches of max-sliced (default: 10).")
    var directions: Int?

    @Option(help: "The order p of sliced, max-sliced and sinkhorn. (default: 2)")
    var order: Double?

    @Option(help: "The regularisation of sinkhorn, in the unit of the costs. (default: 0.05)")
    var epsilon: Double?

    @Option(
        help: "The share of mass that sinkhorn's plans may have in wrong places. (default: 1e-9)")
    var tolerance: Double?

    @Option(help: "How often sinkhorn may pass over all pairs for one plan. (default: 20000)")
    var iterations: Int?

    @Option(help: "The standard deviation of modes.")
    var deviation: Double?

    @Option(help: "The neighbour that sets the size of a ball in prdc. (default: 5)")
    var neighbour: Int?

    @Option(help: "Subsets of kid. (default: 100)")
    var subsets: Int?

    @Option(help: "Samples in a subset of kid. (default: 1000, or all of the smaller side)")
    var subsetSize: Int?

    @Option(help: "Parts whose scores is averages. (default: 10)")
    var splits: Int?

    @Option(help: "What all random choices are a function of. (default: 0)")
    var seed: UInt64?

    @Option(help: "Threads of the extractor's network. (default: one for each processor)")
    var threads: Int?

    /// What features are.
    var usedExtractor: String { extractor ?? "pixels" }

    /// Whether a setting was given.
    func gives(_ option: MeasureOption) -> Bool {
        switch option {
        case .weightsA: weightsA != nil
        case .weightsB: weightsB != nil
        case .extractor: extractor != nil
        case .count: count != nil
        case .size: size != nil
        case .layout: layout != nil
        case .range: range != nil
        case .data: data != nil
        case .directions: directions != nil
        case .order: order != nil
        case .epsilon: epsilon != nil
        case .tolerance: tolerance != nil
        case .iterations: iterations != nil
        case .deviation: deviation != nil
        case .neighbour: neighbour != nil
        case .subsets: subsets != nil
        case .subsetSize: subsetSize != nil
        case .splits: splits != nil
        case .seed: seed != nil
        case .threads: threads != nil
        }
    }
}

extension MeasureOptions {
    /// Refuses values that make no sense for any samples.
    func check() throws {
        try demand(.count, count, "at least 1") { $0 >= 1 }
        try demand(.size, size, "1 to 4096") { 1...4096 ~= $0 }
        try demand(
            .directions, directions, "1 to \(SlicedWasserstein.maximumDirections)"
        ) { 1...SlicedWasserstein.maximumDirections ~= $0 }
        try demand(.order, order, "a number of at least 1") { $0 >= 1 }
        try demand(.epsilon, epsilon, "a positive number") { $0 > 0 && $0.isFinite }
        let tolerances = SinkhornSettings.tolerances
        try demand(
            .tolerance, tolerance,
            "a number from \(tolerances.lowerBound) to "
                + "\(tolerances.upperBound)"
        ) { tolerances ~= $0 }
        let iterationCounts = SinkhornSettings.iterationCounts
        try demand(
            .iterations, iterations,
            "\(iterationCounts.lowerBound) to "
                + "\(iterationCounts.upperBound)"
        ) { iterationCounts ~= $0 }
        try demand(.deviation, deviation, "a positive number") { $0 > 0 && $0.isFinite }
        try demand(.neighbour, neighbour, "at least 1") { $0 >= 1 }
        try demand(.subsets, subsets, "1 to \(KernelDistance.largestSubsetCount)") {
            1...KernelDistance.largestSubsetCount ~= $0
        }
        try demand(.subsetSize, subsetSize, "2 to 1000000") { 2...1_000_000 ~= $0 }
        try demand(.splits, splits, "at least 1") { $0 >= 1 }
        try demand(.threads, threads, "1 to 1024") { 1...1024 ~= $0 }
        _ = try pixelRange()
    }

    private func demand<Value>(
        _ option: MeasureOption, _ value: Value?, _ wish: String, _ isUsable: (Value) -> Bool
    ) throws {
        guard let value, !isUsable(value) else { return }
        throw CommandFailure("--\(option.rawValue) \(value) makes no sense; give \(wish)")
    }

    /// What black and full intensity are in arrays of images; nil where that is not given.
    ///
    /// - Parameter side: 0 for A, 1 for B.
    func pixelRange(_ side: Int = 0) throws -> ClosedRange<Float>? {
        guard let range else { return nil }
        let bounds = range.split(separator: ",", omittingEmptySubsequences: false)
            .compactMap { Float($0) }.filter(\.isFinite)
        let isWhole = range.count { $0 == "," } == bounds.count - 1
        let ranges = stride(from: 0, to: bounds.count - 1, by: 2).compactMap { place in
            bounds[place] < bounds[place + 1] ? bounds[place]...bounds[place + 1] : nil
        }
        guard isWhole, [2, 4].contains(bounds.count), ranges.count == bounds.count / 2 else {
            throw CommandFailure(
                "--range '\(range.prefix(80))' is no range; give two numbers, the lower one first, "
                    + "such as 0,1, or two for A and two for B")
        }
        return ranges[min(side, ranges.count - 1)]
    }
}

/// A setting of `wgan measure`; the raw value is its name after the two hyphens.
enum MeasureOption: String, CaseIterable {
    case weightsA = "weights-a"
    case weightsB = "weights-b"
    case extractor, count, size, layout, range, data, directions, order, epsilon, tolerance
    case iterations, deviation, neighbour, subsets
    case subsetSize = "subset-size"
    case splits, seed, threads

    /// What points are read with, whatever file or folder they are in.
    static let ofPoints: Set<MeasureOption> = [.count, .size, .layout, .range, .data]
    /// What samples are read with that an extractor sees.
    static let ofFeatures = ofPoints.union([.extractor, .threads])
}

extension MeasureRequest {
    /// Refuses settings that the measure or these samples have no use for, and impossible values.
    func check(for measurement: any Measurement) throws {
        for option in MeasureOption.allCases where options.gives(option) {
            guard measurement.options.contains(option) else {
                throw CommandFailure(
                    "\(measurement.name) does not use --\(option.rawValue); it uses "
                        + Self.listed(measurement.options))
            }
            guard let reason = idleness(of: option, for: measurement) else { continue }
            throw CommandFailure("--\(option.rawValue) has no effect here: \(reason); leave it out")
        }
        try options.check()
    }

    /// The settings in the order of the help.
    private static func listed(_ options: Set<MeasureOption>) -> String {
        let names = MeasureOption.allCases.filter(options.contains).map { "--\($0.rawValue)" }
        guard let last = names.last else { return "none of these settings" }
        return names.count == 1 ? last : names.dropLast().joined(separator: ", ") + " and " + last
    }

    /// Why a setting changes nothing for the samples of this request; nil where it does.
    private func idleness(
        of option: MeasureOption, for measurement: any Measurement
    ) -> String? {
        let places = [first, second].compactMap(\.self)
        switch option {
        case .data where !places.contains(where: { SampleReader.dataset($0) != nil }):
            return "no side is mnist:… or fashion-mnist:…"
        case .size where !places.contains(where: Self.isFolder):
            return "no side is a folder of images"
        case .threads
        where measurement.options.contains(.extractor) && options.usedExtractor == "pixels":
            return "pixels are seen by no network"
        default: return nil
        }
    }

    private static func isFolder(_ place: String) -> Bool {
        var isFolder: ObjCBool = false
        return FileManager.default.fileExists(atPath: place, isDirectory: &isFolder)
            && isFolder.boolValue
    }
}
