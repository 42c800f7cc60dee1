/// The five means that the AIDL21-SAGAN project reported for its Wasserstein GAN.
///
/// The i-th real and the i-th generated image are paired, each stretched to 0…1 by its own least
/// and largest sample. The two images of a pair have nothing to do with each other, so these
/// numbers do not measure the quality of samples: they are for comparison with that project. Its
/// published values, at 128 × 128 pixels: PSNR 12.27, SSIM 0.31, MS-GMSD 0.14, MDSI 0.44, HaarPSI
/// 0.40.
///
/// Source: mestecha/AIDL21-SAGAN, with piqa 1.1.3; the real image comes first, which matters to
/// MDSI.
public struct AIDL21Report: Sendable, Equatable {
    /// Mean ``PSNR`` in decibels.
    public let psnr: Double
    /// Mean ``SSIM``.
    public let ssim: Double
    /// Mean ``HaarPSI``.
    public let haarPSI: Double
    /// Mean ``MSGMSD``; 0 is best, although that project says 1.
    public let msGMSD: Double
    /// Mean ``MDSI``.
    public let mdsi: Double
    /// How many pairs were compared.
    public let pairs: Int
    /// How many of the real images were constant: they count as black.
    public let constantReal: Int
    /// How many of the generated images were constant: they count as black.
    public let constantGenerated: Int

    /// Compares as many pairs as there are images on both sides.
    ///
    /// - Parameters:
    ///   - real: Images of 11 × 11 pixels or more.
    ///   - generated: Images of the same size.
    ///   - droppingLast: Whether to leave out the last pair, as that project's loop does.
    /// - Throws: ``SampleImageError`` when sizes differ or are too small, or when no pair is left.
    public init(real: SampleImages, generated: SampleImages, droppingLast: Bool = false) throws {
        let count = min(real.count, generated.count) - (droppingLast ? 1 : 0)
        guard count > 0 else { throw SampleImageError.noPairs }
        let (x, y) = (real.images.prefix(count), generated.images.prefix(count))
        let stretchedX = try SampleImages(x.map(\.stretched))
        let stretchedY = try SampleImages(y.map(\.stretched))
        let mean = { (measure: any ImageMeasure) in
            try measure.values(stretchedX, stretchedY).mean
        }
        psnr = try mean(PSNR())
        ssim = try mean(SSIM())
        haarPSI = try mean(HaarPSI())
        msGMSD = try mean(MSGMSD())
        mdsi = try mean(MDSI())
        pairs = count
        constantReal = x.count(where: \.isConstant)
        constantGenerated = y.count(where: \.isConstant)
    }
}

extension SampleImage {
    private var extremes: (least: Double, largest: Double) {
        let all = planes.lazy.flatMap(\.values)
        return (all.min() ?? 0, all.max() ?? 0)
    }

    fileprivate var isConstant: Bool { extremes.least == extremes.largest }

    /// The image with its least sample at 0 and its largest at 1; a constant one is black.
    fileprivate var stretched: SampleImage {
        let (least, largest) = extremes
        let extent = largest - least
        return SampleImage(
            planes: planes.map { plane in
                plane.map { extent > 0 ? ($0 - least) / extent : 0 }
            })
    }
}
