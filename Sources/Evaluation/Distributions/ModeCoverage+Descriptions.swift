extension ModeCoverage {
    /// Recovered modes: name, direction, range and source.
    public static let recoveredDescription = MeasureDescription(
        name: "modes-recovered", title: "Modes recovered", input: .points, better: .higher,
        range: 0...Double.infinity,
        summary: "how many modes have samples of high quality",
        source: "Srivastava et al. 2017, Lin et al. 2018")

    /// The share of high quality: name, direction, range and source.
    public static let highQualityDescription = MeasureDescription(
        name: "high-quality-share", title: "High-quality share", input: .points,
        better: .higher, range: 0...1,
        summary: "share of samples within three standard deviations of a mode",
        source: "Srivastava et al. 2017, Lin et al. 2018")

    /// The reverse divergence: name, direction, range and source.
    public static let reverseKLDescription = MeasureDescription(
        name: "reverse-kl", title: "Reverse KL over modes", input: .points, better: .lower,
        range: 0...Double.infinity,
        summary: "divergence of the modes' shares from those of the mixture, in nats",
        source: "Lin et al. 2018")
}
