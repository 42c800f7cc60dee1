import Evaluation
import FileTestSupport
import Foundation
import Philox
import PythonTestSupport
import Testing

/// Every measure with every setting beside the Python packages that have it, on random images.
///
/// One process computes all values, in double precision. What a package does differently is said
/// where its values are asked for.
@Suite(
    "Image measures agree with piqa 1.3.2 and piq 0.8.0",
    .enabled(if: Python.hasImageMeasures, "Python has no piqa and piq: scripts/setup-comparisons"))
struct ImagePackageTests {
    @Test("in each setting and size", arguments: ImageCase.all)
    func each(_ test: ImageCase) throws {
        let all = try ImageCase.expected.get()
        try #require(all.count == ImageCase.all.count)
        let expected = all[test.id]
        let (x, y) = try test.images()
        let got = try test.measure().values(x, y).perImage.map { $0 * test.factor }
        try #require(got.count == expected.count && got.count == ImageCase.batch)
        for (got, expected) in zip(got, expected) {
            #expect(abs(got - expected) <= 1e-10 * max(1, abs(expected)), "\(test)")
        }
    }

    @Test("in several hundred comparisons")
    func enough() { #expect(ImageCase.all.count * ImageCase.batch >= 400) }
}

/// A measure with its settings, and what computes the same elsewhere.
private struct Setting: Sendable {
    /// A Python expression of two tensors `[N, C, H, W]` in 0…1, x and y.
    let expression: String
    /// The sizes that both sides can measure alike.
    var sizes = Setting.all
    /// The channels that both sides can measure alike.
    var channels = [1, 3]
    /// Where theirs is a standard deviation with the divisor n: how many pixels each of the n
    /// values stands for.
    var pixelsPerValue: Int?
    let measure: @Sendable () throws -> any ImageMeasure

    static let all = [[24, 37], [32, 48], [45, 33], [64, 64]]
    static let even = [[32, 48], [64, 64], [80, 32]]

    init(
        _ expression: String, sizes: [[Int]] = Setting.all, channels: [Int] = [1, 3],
        pixelsPerValue: Int? = nil, _ measure: @escaping @Sendable () throws -> any ImageMeasure
    ) {
        (self.expression, self.sizes, self.channels) = (expression, sizes, channels)
        (self.pixelsPerValue, self.measure) = (pixelsPerValue, measure)
    }

    private static func window(_ size: Int, _ deviation: Double) throws -> SimilarityWindow {
        try SimilarityWindow(size: size, deviation: deviation)
    }

    /// Grey images have three equal channels in piqa, which takes no others but for the first three
    /// measures.
    static let piqa: [Setting] = [
        Setting("piqa.PSNR(reduction='none')(x, y)") { PSNR() },
        Setting("piqa.PSNR(reduction='none')(grey(x), grey(y))") { PSNR(isChromatic: false) },
        Setting("piqa.SSIM(n_channels=C, reduction='none')(x, y)") { SSIM() },
        Setting("piqa.SSIM(7, 0.9, n_channels=C, reduction='none')(x, y)") {
            SSIM(window: try window(7, 0.9))
        },
        Setting("piqa.SSIM(21, 4, n_channels=C, reduction='none')(x, y)") {
            SSIM(window: try window(21, 4))
        },
        Setting("piqa.SSIM(5, 30, n_channels=1, reduction='none')(grey(x), grey(y))") {
            SSIM(window: try window(5, 30), isChromatic: false)
        },
        Setting(
            "piqa.MS_SSIM(n_channels=C, reduction='none')(x, y)", sizes: [[161, 170], [192, 176]]
        ) { MSSSIM() },
        Setting("piqa.MS_SSIM(n_channels=C, weights=w(0.4, 0.6), reduction='none')(x, y)") {
            try MSSSIM(weights: [0.4, 0.6])
        },
        Setting("piqa.MS_SSIM(5, 1, n_channels=C, weights=w(2, 0, 1.5), reduction='none')(x, y)") {
            try MSSSIM(weights: [2, 0, 1.5], window: window(5, 1))
        },
        Setting(
            "piqa.MS_SSIM(7, n_channels=1, weights=w(0.3, 0.7), reduction='none')"
                + "(grey(x), grey(y))"
        ) { try MSSSIM(weights: [0.3, 0.7], window: window(7, 1.5), isChromatic: false) },
        Setting("piqa.GMSD(reduction='none')(rgb(x), rgb(y))") { GMSD() },
        Setting("piqa.MS_GMSD(reduction='none')(rgb(x), rgb(y))") { MSGMSD() },
        Setting("piqa.MS_GMSD(weights=w(0.5, 1.25), reduction='none')(rgb(x), rgb(y))") {
            try MSGMSD(weights: [0.5, 1.25])
        },
        Setting("whole(piqa.MDSI(reduction='none'), x, y)") { MDSI() },
        Setting("whole(piqa.MDSI(reduction='none'), x, y)", sizes: [[513, 530]], channels: [3]) {
            MDSI()
        },
        Setting("whole(piqa.MDSI(combination='prod', reduction='none'), x, y)") {
            MDSI(combination: .product)
        },
        Setting("piqa.HaarPSI(reduction='none')(x, y)", channels: [3]) { HaarPSI() },
        Setting("piqa.HaarPSI(chromatic=False, reduction='none')(rgb(x), rgb(y))") {
            HaarPSI(isChromatic: false)
        },
    ]

    /// piq divides weights by their sum, has standard deviations with the divisor n, fills odd
    /// sides up in other ways, and has another colour weight in HaarPSI.
    static let piq: [Setting] = [
        Setting("piq.psnr(x * 255, y * 255, data_range=255, reduction='none')") { PSNR() },
        Setting("piq.psnr(x, y, convert_to_greyscale=True, reduction='none')") {
            PSNR(isChromatic: false)
        },
        Setting("piq.ssim(x * 255, y * 255, data_range=255, downsample=False, reduction='none')") {
            SSIM()
        },
        Setting("piq.ssim(x, y, kernel_size=9, kernel_sigma=2.5, reduction='none')") {
            SSIM(window: try window(9, 2.5))
        },
        Setting(
            "piq.multi_scale_ssim(x, y, scale_weights=w(0.3, 0.7), reduction='none')", sizes: even
        ) { try MSSSIM(weights: [0.3, 0.7]) },
        Setting(
            "piq.multi_scale_ssim(x, y, 5, 0.7, scale_weights=w(0.2, 0.3, 0.5), reduction='none')",
            sizes: even
        ) { try MSSSIM(weights: [0.2, 0.3, 0.5], window: window(5, 0.7)) },
        Setting(
            "piq.gmsd(x, y, reduction='none')", sizes: even,
            pixelsPerValue: 4
        ) { GMSD() },
        Setting(
            "piq.multi_scale_gmsd(x, y, scale_weights=w(1), reduction='none')",
            pixelsPerValue: 1
        ) { try MSGMSD(weights: [1]) },
        Setting("piq.multi_scale_gmsd(x, y, chromatic=True, reduction='none')", channels: [3]) {
            MSGMSDc()
        },
        Setting(
            "piq.multi_scale_gmsd(x, y, scale_weights=w(0.25, 0.75), chromatic=True, "
                + "reduction='none')", channels: [3]
        ) { try MSGMSDc(weights: [0.25, 0.75]) },
        Setting("piq.mdsi(x * 255, y * 255, data_range=255, reduction='none')") { MDSI() },
        Setting("piq.mdsi(x, y, reduction='none')", sizes: [[512, 400]], channels: [3]) { MDSI() },
        Setting("piq.haarpsi(x, y, reduction='none')", sizes: even, channels: [1]) { HaarPSI() },
    ]
}

/// A setting on images of one size.
struct ImageCase: Sendable, CustomTestStringConvertible {
    /// How many pairs each case has.
    static let batch = 3

    let id: Int
    let height: Int
    let width: Int
    let channels: Int
    private let setting: Setting

    var testDescription: String { "\(setting.expression), \(height)×\(width)×\(channels)" }
    /// What our value is multiplied by to become theirs.
    var factor: Double {
        (1 - Double(setting.pixelsPerValue ?? 0) / Double(height * width)).squareRoot()
    }
    var measure: @Sendable () throws -> any ImageMeasure { setting.measure }

    static let all: [ImageCase] = {
        let sized = (Setting.piqa + Setting.piq).flatMap { setting in
            setting.sizes.flatMap { size in setting.channels.map { (setting, size, $0) } }
        }
        return sized.enumerated().map { id, sized in
            ImageCase(
                id: id, height: sized.1[0], width: sized.1[1], channels: sized.2,
                setting: sized.0)
        }
    }()

    private init(id: Int, height: Int, width: Int, channels: Int, setting: Setting) {
        (self.id, self.height, self.width, self.channels) = (id, height, width, channels)
        self.setting = setting
    }

    /// Waves with little and much noise, and pairs of nothing but noise.
    func images() throws -> (SampleImages, SampleImages) {
        let side = { (noises: [Double], seed: Int) in
            try SampleImages(
                noises.enumerated().map { place, noise in
                    try ImageFixtures.waves(
                        height, width, channels: channels, noise: noise,
                        seed: UInt64(id * 8 + place * 2 + seed))
                })
        }
        return (try side([0, 0.2, 20], 0), try side([0.05, 0.9, 20], 1))
    }

    /// What the packages say of each pair.
    static let expected: Result<[[Double]], any Error> = Result {
        let folder = try TemporaryFolder()
        defer { withExtendedLifetime(folder) {} }
        var (samples, lines) = (Data(), [String]())
        for test in all {
            let (x, y) = try test.images()
            for image in x.images + y.images {
                for plane in image.planes {
                    plane.values.withUnsafeBytes { samples.append(contentsOf: $0) }
                }
            }
            lines.append(
                "\(batch) \(test.channels) \(test.height) \(test.width) \(test.setting.expression)")
        }
        try samples.write(to: folder.file("samples"))
        try Data(lines.joined(separator: "\n").utf8).write(to: folder.file("cases"))
        let output = try Python.run(
            program, folder.file("samples").path, folder.file("cases").path)
        return try JSONDecoder().decode([[Double]].self, from: Data(output.utf8))
    }

    /// piqa's constants are single unless torch's default is double before it is imported, and its
    /// window asks for `torch.float`. Its MDSI averages over rows and images instead of rows and
    /// columns; `whole` mends that.
    private static let program = """
        import json, sys, warnings
        import numpy, torch
        warnings.simplefilter("ignore")
        torch.set_default_dtype(torch.float64)
        import piqa, piq
        torch.float = torch.float64
        def w(*numbers): return torch.tensor(numbers, dtype=torch.float64)
        def rgb(x): return x.expand(-1, 3, -1, -1)
        def grey(x):
            weights = w(0.299, 0.587, 0.114).view(1, 3, 1, 1)
            return x if x.shape[1] == 1 else (x * weights).sum(1, keepdim=True)
        def whole(measure, x, y):
            mean = torch.Tensor.mean
            def mended(self, *arguments, **names):
                if names.get("dim") == (-2, -3): names["dim"] = (-1, -2)
                return mean(self, *arguments, **names)
            torch.Tensor.mean = mended
            try: return measure(rgb(x), rgb(y))
            finally: torch.Tensor.mean = mean
        samples, at, values = numpy.fromfile(sys.argv[1]), 0, []
        for line in open(sys.argv[2]):
            *shape, expression = line.strip().split(" ", 4)
            N, C, H, W = map(int, shape)
            size = N * C * H * W
            x, y = (torch.from_numpy(samples[s:s + size].reshape(N, C, H, W).copy())
                    for s in (at, at + size))
            at += 2 * size
            values.append(eval(expression).tolist())
        print(json.dumps(values))
        """
}
