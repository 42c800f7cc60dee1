extension NeighbourScores {
    /// Precision: name, direction, range and source.
    public static let precisionDescription = MeasureDescription(
        name: "precision", title: "Precision", input: .features, better: .higher, range: 0...1,
        summary: "share of generated samples that lie among real ones",
        source: "Kynkäänniemi et al. 2019, convention of prdc 0.2")

    /// Recall: name, direction, range and source.
    public static let recallDescription = MeasureDescription(
        name: "recall", title: "Recall", input: .features, better: .higher, range: 0...1,
        summary: "share of real samples that lie among generated ones",
        source: "Kynkäänniemi et al. 2019, convention of prdc 0.2")

    /// Density: name, direction, range and source.
    public static let densityDescription = MeasureDescription(
        name: "density", title: "Density", input: .features, better: .higher,
        range: 0...Double.infinity,
        summary: "how densely real samples surround the generated ones; 1 expected if alike",
        source: "Naeem et al. 2020, convention of prdc 0.2")

    /// Coverage: name, direction, range and source.
    public static let coverageDescription = MeasureDescription(
        name: "coverage", title: "Coverage", input: .features, better: .higher, range: 0...1,
        summary: "share of real samples with a generated one nearby",
        source: "Naeem et al. 2020, convention of prdc 0.2")
}
