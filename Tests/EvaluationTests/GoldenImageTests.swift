import Evaluation
import FileTestSupport
import Testing

@Suite(
    "Image measures agree with the reference libraries",
    .enabled(if: SharedData.hasGolden, "the folder ../shared/reference is not there"))
struct GoldenImageTests {
    @Test(
        "in every case of every file",
        arguments: try SharedData.goldenFiles(beginning: "image_"))
    func allCases(_ name: String) throws {
        let file = try GoldenFile.read(name)
        #expect(!file.cases.isEmpty)
        for test in file.cases {
            let got =
                test.metric == "aidl21_report"
                ? try report(test, file) : try measurement(test, file)
            try test.expectAll(got)
        }
    }

    private func measurement(
        _ test: GoldenFile.Case, _ file: GoldenFile
    ) throws -> [String: [Double]] {
        let measure = try measure(of: test)
        let result = try measure.values(file.images("x", of: test), file.images("y", of: test))
        for value in result.perImage {
            let range = measure.description.range
            #expect(value >= range.lowerBound - 1e-9, "\(test.id)")
            #expect(value <= range.upperBound + 1e-9, "\(test.id)")
        }
        return ["per_image": result.perImage, "mean": [result.mean]]
    }

    /// The measure with the settings of a case.
    private func measure(of test: GoldenFile.Case) throws -> any ImageMeasure {
        switch test.metric {
        case "ms_ssim": try MSSSIM(weights: try #require(test.params["weights"]?.numbers))
        case "mdsi": MDSI(combination: test.params["combination"]?.word == "prod" ? .product : .sum)
        case "haarpsi": HaarPSI(isChromatic: test.params["chromatic"]?.decision ?? true)
        default:
            try #require(
                MeasureCatalogue.imageMeasure(
                    named: test.metric.replacing("_", with: "-")), "\(test.metric)")
        }
    }

    private func report(
        _ test: GoldenFile.Case, _ file: GoldenFile
    ) throws -> [String: [Double]] {
        let report = try AIDL21Report(
            real: file.images("real", of: test), generated: file.images("fake", of: test),
            droppingLast: test.params["drop_last"]?.decision ?? false)
        return [
            "psnr": [report.psnr], "ssim": [report.ssim], "haarpsi": [report.haarPSI],
            "ms_gmsd": [report.msGMSD], "mdsi": [report.mdsi], "pairs": [Double(report.pairs)],
        ]
    }
}
