/// The measures of this library by name.
public enum MeasureCatalogue {
    /// Every measure, in the order in which lists show them.
    public static let all: [MeasureDescription] =
        imageMeasures.map { $0.description } + [
            FrechetDistance.description, KernelDistance.description,
            NeighbourScores.precisionDescription, NeighbourScores.recallDescription,
            NeighbourScores.densityDescription, NeighbourScores.coverageDescription,
            ClassifierScore.description, ModeCoverage.recoveredDescription,
            ModeCoverage.highQualityDescription, ModeCoverage.reverseKLDescription,
            ClassCoverage.foundDescription, ClassCoverage.divergenceDescription,
        ]

    /// The measures of image pairs with their usual settings.
    public static let imageMeasures: [any ImageMeasure] = [
        PSNR(), SSIM(), MSSSIM(), GMSD(), MSGMSD(), MSGMSDc(), MDSI(), HaarPSI(),
    ]

    /// The measure of image pairs with this name, or nil.
    public static func imageMeasure(named name: String) -> (any ImageMeasure)? {
        imageMeasures.first { $0.description.name == name }
    }
}
