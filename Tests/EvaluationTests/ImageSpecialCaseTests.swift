import Evaluation
import Testing

@Suite("Measures of image pairs in special cases")
struct ImageSpecialCaseTests {
    private func constant(_ value: Double, _ side: Int) throws -> SampleImage {
        try SampleImage(
            height: side, width: side, channels: 3,
            samples: [Double](repeating: value, count: side * side * 3))
    }

    @Test("two black images are alike, even without any wavelet coefficient")
    func black() throws {
        #expect(try HaarPSI().value(constant(0, 1), constant(0, 1)) == 1)
        #expect(try MDSI().value(constant(0, 1), constant(0, 1)) == 0)
        #expect(try PSNR().value(constant(0, 1), constant(0, 1)) == 80)
    }

    @Test("MS-SSIM wants between 1 and 16 possible weights")
    func weights() throws {
        for weights in [[], [.nan], [-1], [.infinity], [Double](repeating: 0.1, count: 17)] {
            #expect(throws: SampleImageError.self) { try MSSSIM(weights: weights) }
        }
        #expect(
            try MSSSIM(weights: Array(repeating: 0.1, count: 16)).smallestSize
                == SmallestImageSize(10 * 32_768 + 1))
        #expect(MSSSIM().smallestSize == SmallestImageSize(161))
    }

    @Test("MS-SSIM of one scale with weight 1 is SSIM")
    func oneScale() throws {
        let (x, y) = (
            try ImageFixtures.waves(16, 20), try ImageFixtures.waves(16, 20, noise: 0.5)
        )
        #expect(abs(try MSSSIM(weights: [1]).value(x, y) - SSIM().value(x, y)) < 1e-12)
    }

    @Test("the report does not depend on the brightness and contrast of an image")
    func reportIsStretched() throws {
        let x = try SampleImages([ImageFixtures.waves(16, 20)])
        let dim = try SampleImages(
            height: 16, width: 20, channels: 3,
            samples: x.pixelFeatures.first(1).values.map { 0.25 + $0 / 2 })
        let report = try AIDL21Report(real: x, generated: dim)
        #expect(abs(report.ssim - 1) < 1e-9 && abs(report.psnr - 80) < 1e-6)
        #expect(report.constantReal == 0 && report.pairs == 1)
    }

    @Test("the report counts constant images as black and says how many there were")
    func reportOfConstants() throws {
        let waves = try ImageFixtures.waves(12, 12)
        let report = try AIDL21Report(
            real: SampleImages([waves, constant(0.5, 12), waves]),
            generated: SampleImages([constant(0.2, 12), constant(1, 12)]))
        #expect(report.pairs == 2)
        #expect(report.constantReal == 1 && report.constantGenerated == 2)
        #expect(report.psnr.isFinite && report.ssim.isFinite && report.mdsi.isFinite)
    }

    @Test("the report needs a pair that is left and large enough")
    func reportOfNothing() throws {
        let one = try SampleImages([ImageFixtures.waves(12, 12)])
        #expect(throws: SampleImageError.noPairs) {
            try AIDL21Report(real: one, generated: one, droppingLast: true)
        }
        let small = try SampleImages([ImageFixtures.waves(10, 12)])
        #expect(throws: SampleImageError.self) {
            try AIDL21Report(real: small, generated: small)
        }
    }
}

extension FeatureMatrix {
    /// All numbers, row by row.
    var values: [Double] {
        (0..<count).flatMap { row in (0..<dimensions).map { self[row, $0] } }
    }
}
