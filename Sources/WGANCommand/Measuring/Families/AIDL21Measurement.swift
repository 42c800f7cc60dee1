import Evaluation
import Runs

/// The five means that the AIDL21-SAGAN project reported: A are generated images, B real ones.
struct AIDL21Measurement: Measurement {
    var name: String { "aidl21-report" }
    var inputs: String { "generated and real images, paired by their order" }
    var summary: String { "the five means of AIDL21-SAGAN, which do not measure quality" }
    var better: MeasureDescription.Direction { .higher }
    var preference: String { "psnr, ssim and haarpsi: higher is better, ms-gmsd and mdsi: lower" }
    var options: Set<MeasureOption> { PairedImages.options.union([.dropLast]) }

    func result(_ request: MeasureRequest) throws -> MeasureResult {
        let images = try PairedImages(
            request, pairing: .byOrder(droppingLast: request.options.dropLast))
        let (pairs, damaged) = try images.values(request.work) { generated, real in
            try AIDL21Report.Pair(real: real, generated: generated)
        }
        let report = try AIDL21Report(pairs)
        let means = [
            "psnr": report.psnr, "ssim": report.ssim, "haarpsi": report.haarPSI,
            "ms-gmsd": report.msGMSD, "mdsi": report.mdsi,
        ]
        var details: [(name: String, value: JSONValue)] = [
            ("pairs", .integer(report.pairs)), ("dropLast", .truth(request.options.dropLast)),
            ("constantA", .integer(report.constantGenerated)),
            ("constantB", .integer(report.constantReal)), ("warning", .text(Self.warning)),
            ("convention", .text("AIDL21-SAGAN, with the measures of piqa 1.1.3")),
        ]
        details += images.facts
        if damaged > 0 { details.append(("damaged", .integer(damaged))) }
        return MeasureResult(
            metric: name, value: .object(means.mapValues { .number($0) }), details: details)
    }

    private static let warning =
        "the images of a pair have nothing to do with each other; the values are for comparison "
        + "with that project alone"
}
