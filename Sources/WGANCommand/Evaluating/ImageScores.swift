import CPUExecutor
import Datasets
import Evaluation
import FeatureNetworks
import Philox
import TensorGraph
import WGAN

/// Measures of generated images against the training data and, where there is one, its other part.
struct ImageScores {
    private let run: FinishedRun
    private let extractor: FeatureExtractor?
    /// The features of the first images of each part.
    private let references: [(split: String, features: FeatureMatrix)]
    /// Images on each side.
    let count: Int
    /// What results say about the extractor and the data.
    let facts: [String: JSONValue]

    private static let (neighbour, subsets, subsetSize) = (5, 100, 1000)

    /// Extracts the features of the real images.
    init(_ run: FinishedRun, count: Int) throws {
        self.run = run
        if let published = run.configuration.data.published {
            let extractor = try FeatureExtractor(
                BuiltInClassifier(published.variant).network,
                on: CPUDevice(threads: run.device.threads))
            references = try DatasetSplit.allCases.compactMap { split in
                guard let images = try run.published(split) else { return nil }
                let features = try extractor.result(of: images, count: count).features
                return (split == .train ? "train" : "test", features)
            }
            self.extractor = extractor
            facts = [
                "extractor": .text(extractor.network.name),
                "extractorSHA256": .text(extractor.network.sha256),
            ]
        } else {
            extractor = nil
            let pixels = try run.trainingImages(count).map { $0 * 0.5 + 0.5 }
            let features = try FeatureMatrix(pixels, dimensions: run.sampler.sampleShape.count)
            references = [("train", features)]
            facts = ["extractor": .text("pixels")]
        }
        self.count = count
    }

    /// How many real images of each part there are.
    var referenceCounts: [String: JSONValue] {
        Dictionary(uniqueKeysWithValues: references.map { ($0.split, .integer($0.features.count)) })
    }

    /// The share of samples, whose classes follow each other again and again, that are taken for the
    /// class that was asked for.
    private func agreement(
        _ probabilities: FeatureMatrix?
    ) -> [(metric: String, split: String?, value: Double)] {
        guard let probabilities, let condition = run.configuration.setup.condition else {
            return []
        }
        let labels = condition.cycle(probabilities.count)
        let share = probabilities.share(mostProbableIn: labels)
        return [("classAgreement", nil, share)]
    }

    /// The values of one sampling seed.
    func values(seed: UInt64) throws -> [(metric: String, split: String?, value: Double)] {
        let shape = run.sampler.sampleShape
        let samples = try run.generated(count, seed: seed)
        let seen = try extractor?.result(of: samples, shape: shape)
        let generated =
            try seen?.features
            ?? FeatureMatrix(samples.map { $0 * 0.5 + 0.5 }, dimensions: shape.count)
        return try agreement(seen?.probabilities)
            + references.flatMap { split, real in
                var random = RandomStream(seed: seed, stream: 0)
                let smallest = min(real.count, generated.count)
                let distance = try KernelDistanceBySubsets(
                    generated, real, subsets: Self.subsets, size: min(Self.subsetSize, smallest),
                    using: &random)
                let scores = try NeighbourScores(
                    real: real, generated: generated, neighbour: min(Self.neighbour, smallest - 1))
                return [
                    ("fid", split, try FrechetDistance(generated, real).value),
                    ("kid", split, distance.mean), ("precision", split, scores.precision),
                    ("recall", split, scores.recall), ("density", split, scores.density),
                    ("coverage", split, scores.coverage),
                ]
            }
    }
}
