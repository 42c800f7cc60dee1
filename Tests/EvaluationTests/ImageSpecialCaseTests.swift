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

    @Test("MS-GMSD wants such weights, too, and their number sets the least size")
    func gradientWeights() throws {
        for weights in [[], [.nan], [-1], [.infinity], [Double](repeating: 0.1, count: 17)] {
            #expect(throws: SampleImageError.self) { try MSGMSD(weights: weights) }
            #expect(throws: SampleImageError.self) { try MSGMSDc(weights: weights) }
        }
        for count in 1...16 {
            let weights = [Double](repeating: 0.1, count: count)
            #expect(
                try MSGMSD(weights: weights).smallestSize
                    == SmallestImageSize(1, 1 + 1 << (count - 1)))
            #expect(
                try MSGMSDc(weights: weights).smallestSize == SmallestImageSize(1 + 1 << count))
        }
    }

    @Test("a window has an odd size and a positive deviation")
    func windows() throws {
        for (size, deviation) in [
            (0, 1.5), (-1, 1.5), (2, 1.5), (10, 1.5), (1025, 1.5), (.max, 1.5), (11, 0),
            (11, -1), (11, .nan), (11, .infinity),
        ] {
            let error = SampleImageError.window(size: size, deviation: deviation)
            let thrown = #expect(throws: SampleImageError.self) {
                try SimilarityWindow(size: size, deviation: deviation)
            }
            #expect(thrown?.description == error.description)
        }
        #expect(try SimilarityWindow(size: 11, deviation: 1.5) == .published)
    }

    @Test("a window of one pixel, or of next to no deviation, compares pixels alone")
    func narrowWindow() throws {
        let (x, y) = (
            try ImageFixtures.waves(16, 20), try ImageFixtures.waves(16, 20, noise: 0.5)
        )
        let one = try SSIM(window: SimilarityWindow(size: 1, deviation: 1)).value(x, y)
        // Without variances only the likeness of brightness is left.
        var pixels: [Double] = []
        for (p, q) in zip(x.planes, y.planes) {
            for (a, b) in zip(p.values, q.values) {
                pixels.append((2 * a * b + 1e-4) / (a * a + b * b + 1e-4))
            }
        }
        #expect(abs(one - pixels.reduce(0, +) / Double(pixels.count)) < 1e-12)
        let narrow = try SSIM(window: SimilarityWindow(size: 5, deviation: 1e-300)).value(x, y)
        #expect(narrow.isFinite)
    }

    @Test("grey images have the same value with and without their colours")
    func greyImages() throws {
        let x = try ImageFixtures.waves(24, 22, channels: 1)
        let y = try ImageFixtures.waves(24, 22, channels: 1, noise: 0.5)
        let weights = [0.4, 0.6]
        for (chromatic, grey) in [
            (PSNR(), PSNR(isChromatic: false)), (SSIM(), SSIM(isChromatic: false)),
            (HaarPSI(), HaarPSI(isChromatic: false)),
            (try MSSSIM(weights: weights), try MSSSIM(weights: weights, isChromatic: false)),
        ] as [(any ImageMeasure, any ImageMeasure)] {
            #expect(try chromatic.value(x, y) == grey.value(x, y))
        }
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

    @Test("the report of pairs one by one is that of all at once")
    func reportInPieces() throws {
        let real = try (0..<5).map { try ImageFixtures.waves(16, 20, noise: 0.3, seed: $0) }
        let generated = try (0..<5).map { try ImageFixtures.waves(16, 20, noise: 2, seed: $0) }
        let pairs = try zip(real, generated).map { try AIDL21Report.Pair(real: $0, generated: $1) }
        let report = try AIDL21Report(
            real: SampleImages(real), generated: SampleImages(generated))
        #expect(try AIDL21Report(pairs) == report && report.pairs == 5)
        #expect(throws: SampleImageError.noPairs) { try AIDL21Report([]) }
        #expect(throws: SampleImageError.self) {
            try AIDL21Report.Pair(real: real[0], generated: ImageFixtures.waves(20, 16))
        }
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
