import ArgumentParser
import Evaluation
import Runs

/// The measures of image pairs: how alike two pictures are.
struct ImagePairMeasurement: Measurement {
    private let measure: any ImageMeasure

    static var all: [any Measurement] {
        MeasureCatalogue.imageMeasures.map { ImagePairMeasurement(measure: $0) }
            + [AIDL21Measurement()]
    }

    var name: String { measure.description.name }
    var inputs: String { "images, or folders of them paired by name" }
    var summary: String { measure.description.summary }
    var better: MeasureDescription.Direction { measure.description.better }

    var options: Set<MeasureOption> {
        let own: Set<MeasureOption> =
            switch measure {
            case is PSNR, is HaarPSI: [.grey]
            case is SSIM: [.window, .windowDeviation, .grey]
            case is MSSSIM: [.scaleWeights, .window, .windowDeviation, .grey]
            case is MSGMSD, is MSGMSDc: [.scaleWeights]
            case is MDSI: [.combination]
            default: []
            }
        return PairedImages.options.union(own)
    }

    func result(_ request: MeasureRequest) throws -> MeasureResult {
        let (measure, settings) = try configured(request.options)
        let images = try PairedImages(request)
        if request.options.grey, !images.haveColour {
            throw CommandFailure("--grey has no effect here: no image has colours; leave it out")
        }
        let (values, damaged) = try images.values(request.work) { try measure.value($0, $1) }
        let mean = values.reduce(0, +) / Double(values.count)
        var details: [(name: String, value: JSONValue)] = [
            ("pairs", .integer(values.count)), ("convention", .text(measure.description.source)),
        ]
        details += settings + images.facts
        if values.count > 1 {
            let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
            let error = (squares / Double(values.count - 1) / Double(values.count)).squareRoot()
            details += [("standardError", .number(error)), ("perPair", .numbers(values))]
        }
        if damaged > 0 { details.append(("damaged", .integer(damaged))) }
        return MeasureResult(metric: name, value: .number(mean), details: details)
    }

    /// The measure with the settings that were asked for, and what results say about them.
    private func configured(
        _ options: MeasureOptions
    ) throws -> (measure: any ImageMeasure, facts: [(name: String, value: JSONValue)]) {
        let (weights, window) = (try options.weightsOfScales(), try options.similarityWindow())
        let grey = (name: "grey", value: JSONValue.truth(options.grey))
        let windowFacts: [(name: String, value: JSONValue)] = [
            ("window", .integer(window.size)), ("windowDeviation", .number(window.deviation)),
        ]
        let scales = { (name: "scaleWeights", value: JSONValue.numbers($0)) }
        switch measure {
        case is PSNR:
            return (PSNR(isChromatic: !options.grey), [("epsilon", .number(PSNR.epsilon)), grey])
        case is HaarPSI: return (HaarPSI(isChromatic: !options.grey), [grey])
        case is SSIM:
            return (SSIM(window: window, isChromatic: !options.grey), windowFacts + [grey])
        case is MSSSIM:
            let found = try MSSSIM(
                weights: weights ?? MSSSIM.publishedWeights, window: window,
                isChromatic: !options.grey)
            return (found, [scales(found.weights)] + windowFacts + [grey])
        case is MSGMSD:
            let found = try MSGMSD(weights: weights ?? MSGMSD.publishedWeights)
            return (found, [scales(found.weights)])
        case is MSGMSDc:
            let found = try MSGMSDc(weights: weights ?? MSGMSD.publishedWeights)
            return (found, [scales(found.weights)])
        case is MDSI:
            let found = MDSI(combination: options.combination?.combination ?? .sum)
            return (found, [("combination", .text(found.combination.rawValue))])
        default: return (measure, [])
        }
    }
}

/// How MDSI combines gradients and colours, as an argument.
enum CombinationArgument: String, CaseIterable, ExpressibleByArgument {
    case sum, product

    var combination: MDSI.Combination {
        switch self {
        case .sum: .sum
        case .product: .product
        }
    }
}

extension MeasureOptions {
    /// The weights of scales; nil where none are given.
    ///
    /// - Throws: ``CommandFailure`` for a text that is no list of usable weights.
    func weightsOfScales() throws -> [Double]? {
        guard let scaleWeights else { return nil }
        let texts = scaleWeights.split(separator: ",", omittingEmptySubsequences: false)
        let numbers = texts.compactMap { Double($0) }
        guard numbers.count == texts.count, (try? MSSSIM(weights: numbers)) != nil else {
            throw CommandFailure(
                "--scale-weights '\(scaleWeights.prefix(80))' are no weights of scales; give from "
                    + "1 to \(MSSSIM.maximumScales) numbers, 0 or more, such as 0.4,0.6")
        }
        return numbers
    }

    /// The window of similarities; the published one where nothing else is given.
    ///
    /// - Throws: ``SampleImageError`` for a window that cannot be used.
    func similarityWindow() throws -> SimilarityWindow {
        let published = SimilarityWindow.published
        return try SimilarityWindow(
            size: window ?? published.size, deviation: windowDeviation ?? published.deviation)
    }
}
