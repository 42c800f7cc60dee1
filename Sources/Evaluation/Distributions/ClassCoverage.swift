/// Which of many classes the samples reach, by the class that a classifier gives to each.
///
/// A class is found where one sample or more is taken for it. The divergence is
/// `KL(q ‖ p)` of the samples' shares q to the expected shares p, in nats.
///
/// Source: Metz et al. 2017, arXiv:1611.02163; Srivastava et al. 2017, arXiv:1705.07761; the
/// divergence as in Lin et al. 2018, arXiv:1712.04086 (PacGAN), whose p is uniform.
public struct ClassCoverage: Sendable, Equatable {
    /// How many samples each class has.
    public let counts: [Int]
    /// How many samples there are.
    public let sampleCount: Int
    /// How many classes have a sample.
    public let classesFound: Int
    /// `KL(q ‖ p)` in nats, at most ln(classes) for a uniform p.
    public let divergence: Double

    /// What the divergence is on average for a perfect model: (classes − 1) / (2 · samples), right
    /// where every class is expected several times.
    public var floor: Double { Double(counts.count - 1) / Double(2 * sampleCount) }

    /// Counts samples by class.
    ///
    /// - Parameters:
    ///   - classes: The class of each sample, 0..<classCount; at least one.
    ///   - classCount: How many classes there are, 1 or more.
    /// - Throws: ``SampleError/empty``, or ``SampleError/classNumber(sample:classes:)``.
    public init(of classes: [Int], among classCount: Int) throws {
        guard !classes.isEmpty else { throw SampleError.empty }
        var counts = [Int](repeating: 0, count: classCount)
        for (sample, label) in classes.enumerated() {
            guard counts.indices.contains(label) else {
                throw SampleError.classNumber(sample: sample, classes: classCount)
            }
            counts[label] += 1
        }
        self.counts = counts
        sampleCount = classes.count
        classesFound = counts.count { $0 > 0 }
        let shares = counts.map { Double($0) / Double(classes.count) }
        let uniform = [Double](repeating: 1 / Double(classCount), count: classCount)
        divergence = max(0, relativeEntropy(shares, uniform))
    }
}

extension ClassCoverage {
    /// Classes found: name, direction, range and source.
    public static let foundDescription = MeasureDescription(
        name: "classes-found", title: "Classes found", input: .classProbabilities,
        better: .higher, range: 0...Double.infinity,
        summary: "how many classes the classifier finds among the samples",
        source: "Metz et al. 2017, Lin et al. 2018")

    /// The divergence: name, direction, range and source.
    public static let divergenceDescription = MeasureDescription(
        name: "kl-uniform", title: "KL from equal shares", input: .classProbabilities,
        better: .lower, range: 0...Double.infinity,
        summary: "divergence of the classes' shares from equal ones, in nats",
        source: "Lin et al. 2018")
}
