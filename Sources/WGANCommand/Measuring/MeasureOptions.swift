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

    @Option(
        help: "Take so many samples of each side alone: chosen by --seed, or the first image pairs."
    )
    var count: Int?

    @Option(help: "Resize images of folders to this many pixels a side.")
    var size: Int?

    @Option(
        help: ArgumentHelp(
            "What the axes of arrays of images are: NHWC, NCHW, NHW, HWC, CHW or HW; or those of "
                + "A and of B.",
            valueName: "axes[,axes]"))
    var layout: ArrayLayouts?

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

    @Option(
        help: ArgumentHelp(
            "Directions of sliced, or where the searches of max-sliced begin; a row for each.",
            valueName: "file"))
    var directionsFile: String?

    @Option(
        help: ArgumentHelp(
            "The order p of wp, sliced, max-sliced, sinkhorn and unbalanced (default: 2), of "
                + "transport-cost and partial (default: 1); 1 by default with squared-l2."))
    var order: Double?

    @Option(
        help: ArgumentHelp(
            "The length of a way in transport: l1, l2 or, where a cost is the result, squared-l2. "
                + "(default: l2)"))
    var ground: GroundCost?

    @Option(
        help: ArgumentHelp(
            "The costs of all ways, in place of A and B: a row for each point of A.",
            valueName: "file"))
    var cost: String?

    @Option(
        help: ArgumentHelp(
            "Write the plan and its potentials to this .npz file.", valueName: "file"))
    var plan: String?

    @Option(help: "The mass that partial moves, in the unit of the weights.")
    var mass: Double?

    @Option(
        help: ArgumentHelp(
            "What vanishing mass costs in unbalanced, in the unit of the costs. (default: 1)"))
    var marginalPenalty: Double?

    @Option(
        help: ArgumentHelp(
            "The regularisation of sinkhorn and unbalanced, in the unit of the costs (default: "
                + "0.05); the step of ppl's latents (default: 0.0001)."))
    var epsilon: Double?

    @Option(
        help: "The share of mass that entropic plans may have in wrong places. (default: 1e-9)")
    var tolerance: Double?

    @Option(help: "How often all pairs may be passed over for one entropic plan. (default: 20000)")
    var iterations: Int?

    @Option(help: "The standard deviation of modes.")
    var deviation: Double?

    @Option(help: "The neighbour that sets the size of a ball in prdc. (default: 5)")
    var neighbour: Int?

    @Option(help: "Subsets of kid. (default: 100)")
    var subsets: Int?

    @Option(help: "Samples in a subset of kid. (default: 1000, or all of the smaller side)")
    var subsetSize: Int?

    @Flag(help: "Compare all pairs of samples in kid, without subsets.")
    var exact = false

    @Option(help: "The degree of kid's polynomial. (default: 3)")
    var degree: Int?

    @Option(help: "The scale of products in kid's polynomial. (default: 1 / features)")
    var gamma: Double?

    @Option(help: "What kid's polynomial adds to products. (default: 1)")
    var coef0: Double?

    @Option(help: "Parts whose scores is averages. (default: 10)")
    var splits: Int?

    @Flag(help: "Shuffle samples by --seed before is splits them.")
    var shuffle = false

    @Flag(help: "Count samples on the surface of a ball of prdc as inside, as torch-fidelity does.")
    var closed = false

    @Option(help: "Numbers of samples at which fid-infinity measures. (default: 15)")
    var sizes: Int?

    @Option(help: "The smallest of these numbers. (default: a tenth of A)")
    var smallestSize: Int?

    @Option(
        help: ArgumentHelp(
            "The percentiles between which ppl counts lengths. (default: 1,99)",
            valueName: "low,high"))
    var percentiles: String?

    @Option(
        help: ArgumentHelp(
            "Write the features of A to this .npy file, for is and statistics.",
            valueName: "file"))
    var features: String?

    @Option(help: "What all random choices are a function of. (default: 0)")
    var seed: UInt64?

    @Option(
        help: ArgumentHelp(
            "Weights of the scales of ms-ssim, ms-gmsd and ms-gmsdc, finest first. "
                + "(default: the published ones)", valueName: "w1,w2,…"))
    var scaleWeights: String?

    @Option(help: "Pixels of a side of the window of ssim and ms-ssim, odd. (default: 11)")
    var window: Int?

    @Option(help: "The window's standard deviation in pixels. (default: 1.5)")
    var windowDeviation: Double?

    @Option(help: "How mdsi combines gradients and colours. (default: sum)")
    var combination: CombinationArgument?

    @Flag(help: "Compare the brightness of images alone, not each channel.")
    var grey = false

    @Flag(help: "Leave out the last pair of aidl21-report, as that project does.")
    var dropLast = false

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
        case .directionsFile: directionsFile != nil
        case .order: order != nil
        case .ground: ground != nil
        case .cost: cost != nil
        case .plan: plan != nil
        case .mass: mass != nil
        case .marginalPenalty: marginalPenalty != nil
        case .epsilon: epsilon != nil
        case .tolerance: tolerance != nil
        case .iterations: iterations != nil
        case .deviation: deviation != nil
        case .neighbour: neighbour != nil
        case .subsets: subsets != nil
        case .subsetSize: subsetSize != nil
        case .splits: splits != nil
        case .exact: exact
        case .degree: degree != nil
        case .gamma: gamma != nil
        case .coef0: coef0 != nil
        case .shuffle: shuffle
        case .closed: closed
        case .sizes: sizes != nil
        case .smallestSize: smallestSize != nil
        case .percentiles: percentiles != nil
        case .features: features != nil
        case .seed: seed != nil
        case .scaleWeights: scaleWeights != nil
        case .window: window != nil
        case .windowDeviation: windowDeviation != nil
        case .combination: combination != nil
        case .grey: grey
        case .dropLast: dropLast
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
        try demand(.plan, plan, "a name that ends in .npz") {
            $0.lowercased().hasSuffix(".npz")
        }
        try demand(.mass, mass, "a positive number") { $0 > 0 && $0.isFinite }
        try demand(.marginalPenalty, marginalPenalty, "a positive number") {
            $0 > 0 && $0.isFinite
        }
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
        try demand(.degree, degree, "1 to \(PolynomialKernel.largestDegree)") {
            1...PolynomialKernel.largestDegree ~= $0
        }
        try demand(.gamma, gamma, "a positive number") { $0 > 0 && $0.isFinite }
        try demand(.coef0, coef0, "a number of at least 0") { $0 >= 0 && $0.isFinite }
        try demand(.sizes, sizes, "2 to 1000") { 2...1000 ~= $0 }
        try demand(.smallestSize, smallestSize, "at least 2") { $0 >= 2 }
        _ = try percentileRange()
        if let features, !features.lowercased().hasSuffix(".npy") {
            throw CommandFailure("--features \(features.prefix(200)) does not end in .npy; let it")
        }
        try demand(.threads, threads, "1 to 1024") { 1...1024 ~= $0 }
        _ = try weightsOfScales()
        let windows = SimilarityWindow.sizes
        try demand(
            .window, window, "an odd number from \(windows.lowerBound) to \(windows.upperBound)"
        ) { windows ~= $0 && !$0.isMultiple(of: 2) }
        try demand(.windowDeviation, windowDeviation, "a positive number") {
            $0 > 0 && $0.isFinite
        }
        _ = try pixelRange()
    }

    private func demand<Value>(
        _ option: MeasureOption, _ value: Value?, _ wish: String, _ isUsable: (Value) -> Bool
    ) throws {
        guard let value, !isUsable(value) else { return }
        throw CommandFailure("--\(option.rawValue) \(value) makes no sense; give \(wish)")
    }

    /// The percentiles between which lengths of paths are counted.
    func percentileRange() throws -> ClosedRange<Double> {
        guard let percentiles else { return 1...99 }
        let bounds = percentiles.split(separator: ",", omittingEmptySubsequences: false)
            .map { Double($0) ?? .nan }
        guard bounds.count == 2, 0...100 ~= bounds[0], 0...100 ~= bounds[1], bounds[0] <= bounds[1]
        else {
            throw CommandFailure(
                "--percentiles '\(percentiles.prefix(80))' are none; give two numbers from 0 to "
                    + "100, the lower one first, such as 1,99")
        }
        return bounds[0]...bounds[1]
    }

    /// Whether a range is given for each side.
    var givesTwoRanges: Bool { range?.count { $0 == "," } == 3 }

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
    case extractor, count, size, layout, range, data, directions
    case directionsFile = "directions-file"
    case order, ground, cost, plan, mass
    case marginalPenalty = "marginal-penalty"
    case epsilon, tolerance, iterations, deviation, neighbour, subsets
    case subsetSize = "subset-size"
    case exact, degree, gamma, coef0, splits, shuffle, closed, sizes
    case smallestSize = "smallest-size"
    case percentiles, features, seed
    case scaleWeights = "scale-weights"
    case window
    case windowDeviation = "window-deviation"
    case combination, grey
    case dropLast = "drop-last"
    case threads

    /// What points are read with, whatever file or folder they are in.
    static let ofPoints: Set<MeasureOption> = [.count, .size, .layout, .range, .data]
    /// What samples are read with that an extractor sees.
    static let ofFeatures = ofPoints.union([.extractor, .threads])
}

extension MeasureRequest {
    /// Refuses settings that the measure or these samples have no use for, and impossible values.
    func check(for measurement: any Measurement) throws {
        for option in MeasureOption.allCases where options.gives(option) {
            guard measurement.options.contains(option) || choosesBySeed(option, measurement) else {
                throw CommandFailure(
                    "\(measurement.name) does not use --\(option.rawValue); it uses "
                        + Self.listed(measurement.options))
            }
            guard let reason = idleness(of: option, for: measurement) else { continue }
            throw CommandFailure("--\(option.rawValue) has no effect here: \(reason); leave it out")
        }
        try options.check()
    }

    /// Whether the option is the seed of a choice of samples, or of a shuffle. Pairs of images,
    /// which have no size in common, are not chosen.
    private func choosesBySeed(_ option: MeasureOption, _ measurement: any Measurement) -> Bool {
        guard option == .seed else { return false }
        return options.count != nil && measurement.options.isSuperset(of: [.count, .size])
            || options.shuffle && measurement.options.contains(.shuffle)
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
        case .order where options.cost != nil, .ground where options.cost != nil,
            .count where options.cost != nil, .layout where options.cost != nil,
            .range where options.cost != nil:
            return "--cost says what each way costs"
        case .directions where options.directionsFile != nil:
            return "--directions-file has all of them"
        case .seed where options.directionsFile != nil && options.count == nil:
            return "nothing is chosen at random"
        case .subsets where options.exact, .subsetSize where options.exact:
            return "--exact compares all pairs"
        case .seed where options.exact && measurement.name == "kid" && options.count == nil:
            return "--exact draws nothing"
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
