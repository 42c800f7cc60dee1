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
        let count = max(0, min(real.count, generated.count) - (droppingLast ? 1 : 0))
        var results = [Result<Pair, any Error>?](repeating: nil, count: count)
        results.withUnsafeMutableBufferPointer { results in
            nonisolated(unsafe) let results = results
            Parallel.forEachBlock(of: count, size: 1) { index, _ in
                results[index] = Result {
                    try Pair(real: real.images[index], generated: generated.images[index])
                }
            }
        }
        try self.init(results.compactMap { try $0?.get() })
    }

    /// The report on pairs that have been compared one by one.
    ///
    /// - Throws: ``SampleImageError/noPairs`` when there is none.
    public init(_ pairs: [Pair]) throws {
        guard !pairs.isEmpty else { throw SampleImageError.noPairs }
        psnr = pairs.map(\.psnr).mean
        ssim = pairs.map(\.ssim).mean
        haarPSI = pairs.map(\.haarPSI).mean
        msGMSD = pairs.map(\.msGMSD).mean
        mdsi = pairs.map(\.mdsi).mean
        self.pairs = pairs.count
        constantReal = pairs.count(where: \.hasConstantReal)
        constantGenerated = pairs.count(where: \.hasConstantGenerated)
    }

    /// The five values of one pair.
    public struct Pair: Sendable, Equatable {
        /// ``PSNR`` in decibels.
        public let psnr: Double
        /// ``SSIM``.
        public let ssim: Double
        /// ``HaarPSI``.
        public let haarPSI: Double
        /// ``MSGMSD``.
        public let msGMSD: Double
        /// ``MDSI``, with the real image in the place of the distorted one.
        public let mdsi: Double
        /// Whether the real image is constant, and so counts as black.
        public let hasConstantReal: Bool
        /// Whether the generated image is constant, and so counts as black.
        public let hasConstantGenerated: Bool

        /// Compares a real image of 11 × 11 pixels or more with a generated one of its size.
        ///
        /// - Throws: ``SampleImageError`` when sizes differ or are too small.
        public init(real: SampleImage, generated: SampleImage) throws {
            let (x, y) = (real.stretched, generated.stretched)
            psnr = try PSNR().value(x, y)
            ssim = try SSIM().value(x, y)
            haarPSI = try HaarPSI().value(x, y)
            msGMSD = try MSGMSD().value(x, y)
            mdsi = try MDSI().value(x, y)
            hasConstantReal = real.isConstant
            hasConstantGenerated = generated.isConstant
        }
    }
}

extension SampleImage {
    private var extremes: (least: Double, largest: Double) {
        let (least, largest) = (
            planes.compactMap { $0.values.min() }, planes.compactMap { $0.values.max() }
        )
        return (least.min() ?? 0, largest.max() ?? 0)
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
