/// What a measure is, for lists and help texts.
public struct MeasureDescription: Sendable, Hashable {
    /// What a measure looks at.
    public enum Input: String, Sendable, Hashable, CaseIterable {
        /// Images in pairs that are compared one by one.
        case imagePairs = "image pairs"
        /// Two sets of rows of numbers, from any feature extractor or the samples themselves.
        case features = "feature sets"
        /// Points and the mixture that they should come from.
        case points = "points and a mixture"
        /// Two histograms over the same bins.
        case histograms = "histograms"
        /// The class probabilities that a classifier gives to each sample.
        case classProbabilities = "class probabilities"
    }

    /// Which of two values is the better one.
    public enum Direction: String, Sendable, Hashable {
        /// Better models have lower values.
        case lower
        /// Better models have higher values.
        case higher
    }

    /// The name in commands and files: lower case with hyphens, unique.
    public let name: String
    /// The name in prose.
    public let title: String
    /// What it needs.
    public let input: Input
    /// Which values are better.
    public let better: Direction
    /// An interval that holds every value, as far as one is known; it may reach to infinity.
    public let range: ClosedRange<Double>
    /// What it tells, in one line.
    public let summary: String
    /// The publication and the convention followed.
    public let source: String

    /// Describes a measure; see the properties.
    public init(
        name: String, title: String, input: Input, better: Direction,
        range: ClosedRange<Double>, summary: String, source: String
    ) {
        self.name = name
        self.title = title
        self.input = input
        self.better = better
        self.range = range
        self.summary = summary
        self.source = source
    }
}

/// The measures of this library by name.
public enum MeasureCatalogue {
    /// Every measure, in the order in which lists show them.
    public static let all: [MeasureDescription] =
        imageMeasures.map { $0.description } + [
            FrechetDistance.description, FrechetExtrapolation.description,
            KernelDistance.description, MongeDistance.description, PathLength.description,
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
}
