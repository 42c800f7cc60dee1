import CPUExecutor
import Datasets
import Evaluation
import FeatureNetworks
import Philox
import Runs
import TensorGraph
import WGAN

/// Measures of generated images against the training data and, where there is one, its other part.
struct ImageScores {
    /// What the measures see of images.
    private enum Sight {
        /// The features that a network gives, and those of images of each part.
        case network(FeatureExtractor, [(split: String, features: FeatureMatrix)])
        /// The pixels themselves, and those of training images.
        case pixels(ReferenceFeatures)
    }

    typealias Values = [(metric: String, split: String?, value: Double)]

    private let run: FinishedRun
    private let sight: Sight
    /// What is counted of stacked digits; nil for other data.
    private let stacks: StackedScores?
    /// Images on each side.
    let count: Int
    /// What results say about the extractor and the data.
    let facts: [String: JSONValue]

    private static let (neighbour, subsets, subsetSize) = (5, 100, 1000)

    /// Extracts the features of the real images.
    ///
    /// - Parameters:
    ///   - count: Images on each side; see ``count(_:asked:extractor:note:)``.
    ///   - modeSamples: Images whose classes are counted, of stacked digits.
    ///   - extractor: As `wgan measure` names it; nil for that of the data.
    init(
        _ run: FinishedRun, count: Int, modeSamples: Int = StackedScores.usualCount,
        extractor name: String? = nil, progress: PartProgress
    ) throws {
        (self.run, self.count) = (run, count)
        progress(0, "reading real images")
        stacks = try (run.configuration.data as? StackedDigitData).map {
            try StackedScores(run, $0, count: modeSamples)
        }
        guard let network = try Extraction.network(name ?? Self.extractorName(for: run)) else {
            let pixels = try run.trainingImages(count, progress: progress.decoding)
            progress(0.9, "comparing real images")
            sight = .pixels(
                try ReferenceFeatures(
                    FeatureMatrix(
                        pixels.map { $0 * 0.5 + 0.5 }, dimensions: run.sampler.sampleShape.count)))
            facts = (stacks?.facts ?? [:]).merging(["extractor": .text("pixels")]) { $1 }
            return
        }
        let extractor = try FeatureExtractor(network, on: CPUDevice(threads: run.threads))
        sight = .network(extractor, try Self.references(run, extractor, count, progress))
        facts = (stacks?.facts ?? [:]).merging(network.facts(for: run.sampler.sampleShape)) { $1 }
    }

    /// The extractor of data for which no other one is named: the classifier of a published data
    /// set, and random features of all other images.
    private static func extractorName(for run: FinishedRun) -> String {
        run.configuration.data.published.map { BuiltInClassifier($0.variant).rawValue }
            ?? RandomFeatures.name
    }

    /// The features of images of each part that the data has, chosen by seed 0.
    private static func references(
        _ run: FinishedRun, _ extractor: FeatureExtractor, _ count: Int, _ progress: PartProgress
    ) throws -> [(split: String, features: FeatureMatrix)] {
        guard let published = run.configuration.data.published else {
            let images = try run.trainingImages(count, progress: progress.decoding)
            progress(0.9, "looking at real images")
            let features = try extractor.result(of: images, shape: run.sampler.sampleShape).features
            return [("train", features)]
        }
        return try DatasetSplit.allCases.compactMap { split in
            guard let images = try run.published(split) else { return nil }
            if split == published.split, published.isTransposed == nil,
                try extractor.findsTransposed(images)
            {
                progress.note(Transposition.sentence)
            }
            return (
                split == .train ? "train" : "test",
                try extractor.result(
                    of: images, rows: SampleChoice.numbers(count, of: images.count).sorted()
                ).features
            )
        }
    }

    /// How many real images of each part there are.
    var referenceCounts: [String: JSONValue] {
        switch sight {
        case .network(_, let references):
            Dictionary(
                uniqueKeysWithValues: references.map { ($0.split, .integer($0.features.count)) })
        case .pixels(let real): ["train": .integer(real.count)]
        }
    }

    /// The values of one sampling seed.
    func values(seed: UInt64, progress: PartProgress) throws -> Values {
        progress(0, "generating images")
        let most = max(count, stacks?.count ?? 0)
        let all = try run.generated(most, seed: seed) {
            progress(0.5 * Double($0) / Double(most), "generating images")
        }
        progress(0.5, "comparing images")
        let samples = Array(all.prefix(count * run.sampler.sampleShape.count))
        return try (stacks?.values(all) ?? []) + compared(samples, seed: seed, progress)
    }

    private func compared(
        _ samples: [Float], seed: UInt64, _ progress: PartProgress
    ) throws -> Values {
        switch sight {
        case .network(let extractor, let references):
            let seen = try extractor.result(of: samples, shape: run.sampler.sampleShape)
            var values = agreement(seen.probabilities)
            for (place, reference) in references.enumerated() {
                progress(0.5 + 0.5 * Double(place) / Double(references.count), "comparing images")
                values += try Self.values(
                    seen.features, reference.features, split: reference.split, seed: seed,
                    extractor.network)
            }
            return values
        case .pixels(let real):
            return try Self.values(
                FeatureMatrix(
                    samples.map { $0 * 0.5 + 0.5 }, dimensions: run.sampler.sampleShape.count),
                real, seed: seed, progress)
        }
    }
}

extension ImageScores {
    /// Few features are compared by one measure after the other.
    private static func values(
        _ generated: FeatureMatrix, _ real: FeatureMatrix, split: String, seed: UInt64,
        _ network: FeatureNetwork
    ) throws -> Values {
        let smallest = min(real.count, generated.count)
        let distance = try KernelDistanceBySubsets(generated, real, seed: seed).mean
        let scores = try NeighbourScores(
            real: real, generated: generated, neighbour: min(neighbour, smallest - 1))
        return list(try FrechetDistance(generated, real), distance, scores, split) {
            network.title(of: $0)
        }
    }

    /// Pixels are so many that all measures share their products.
    private static func values(
        _ generated: FeatureMatrix, _ real: ReferenceFeatures, seed: UInt64,
        _ progress: PartProgress
    ) throws -> Values {
        let comparison = try FeatureComparison(generated, with: real)
        progress(0.8, "comparing images")
        var random = RandomStream(seed: seed, stream: 0)
        let smallest = min(real.count, generated.count)
        let distance = try comparison.kernelDistance(
            subsets: subsets, size: min(subsetSize, smallest), using: &random)
        let scores = try comparison.neighbourScores(min(neighbour, smallest - 1))
        progress(0.9, "comparing images")
        return list(comparison.frechetDistance, distance.mean, scores, "train")
    }

    private static func list(
        _ frechet: FrechetDistance, _ kernel: Double, _ scores: NeighbourScores,
        _ split: String, title: (String) -> String = { $0 }
    ) -> Values {
        [
            (title("fid"), split, frechet.value), (title("kid"), split, kernel),
            ("precision", split, scores.precision), ("recall", split, scores.recall),
            ("density", split, scores.density), ("coverage", split, scores.coverage),
        ]
    }

    /// The share of samples, whose classes follow each other again and again, that are taken for
    /// the class that was asked for.
    private func agreement(_ probabilities: FeatureMatrix?) -> Values {
        guard let probabilities, let condition = run.configuration.setup.condition else {
            return []
        }
        let labels = condition.cycle(probabilities.count)
        return [("classAgreement", nil, probabilities.share(mostProbableIn: labels))]
    }

    /// How many images are compared: as many as were asked for, else 10 000 that a classifier sees,
    /// 5 000 that another network sees, or 2 000 of which only pixels are seen, or as many of these
    /// as fit the memory.
    ///
    /// - Parameter extractor: As for the initialiser.
    /// - Throws: ``CommandFailure`` where what was asked for does not fit, or nothing would.
    static func count(
        _ run: FinishedRun, asked: Int?, extractor: String? = nil, note: (String) -> Void
    ) throws -> Int {
        let name = extractor ?? extractorName(for: run)
        let shape = run.sampler.sampleShape
        if name == "pixels" { return try pixelCount(of: shape, asked: asked, note: note) }
        let usual = BuiltInClassifier(rawValue: name) == nil ? 5000 : 10_000
        // Images as they are generated and as they are read, and features of a network's usual
        // number in all their forms.
        return try count(of: shape, asked: asked, usual: usual, note: note) { count in
            4 * count * (2 * shape.count + 16 * 512)
        }
    }

    /// How many images of which pixels are seen are compared, with so many bytes of memory free.
    static func pixelCount(
        of imageShape: Shape, asked: Int?, free: Int = WorkingMemory.available.bytes,
        note: (String) -> Void
    ) throws -> Int {
        let size = imageShape.count
        return try count(of: imageShape, asked: asked, usual: 2000, free: free, note: note) {
            // Beside the comparison, the images as they are generated and in their new range.
            FeatureComparison.bytes(generated: $0, real: $0, dimensions: size) + 2 * 4 * $0 * size
        }
    }

    private static func count(
        of imageShape: Shape, asked: Int?, usual: Int, free: Int = WorkingMemory.available.bytes,
        note: (String) -> Void, bytes: (Int) -> Int
    ) throws -> Int {
        let memory = WorkingMemory(bytes: free)
        let wanted = asked ?? usual
        let most = memory.largest(wanted, bytes)
        if most == wanted { return wanted }
        let shape =
            "\(wanted) images of \(imageShape) on each side take "
            + "\(bytes(wanted).asBytes) of memory, of which \(memory.bytes.asBytes) are free"
        guard most >= 10 else {
            throw CommandFailure("\(shape), and not even 10 images fit; free some memory")
        }
        guard asked == nil else {
            throw CommandFailure("\(shape); give --samples \(most) or fewer")
        }
        note("\(shape); \(most) are compared instead")
        return most
    }
}

/// Images of a finite set, by their numbers.
struct NumberedImages {
    let count: Int
    /// Whether a training sees them mirrored left to right too.
    let flips: Bool
    private let scaled: (_ indices: [Int], _ isMirrored: Bool) -> [Float]

    init(_ images: ImageSet, flips: Bool) {
        (count, self.flips) = (images.count, flips)
        scaled = { images.scaled($0, mirrored: $1) }
    }

    init(_ stacks: StackedDigits) {
        (count, flips) = (stacks.count, false)
        scaled = { indices, _ in stacks.scaled(indices) }
    }

    /// Images as numbers in −1…1, `[n, H, W, C]`.
    func images(_ indices: [Int], mirrored isMirrored: Bool = false) -> [Float] {
        scaled(indices, isMirrored)
    }

    /// The numbers of so many of the images, or of all where they are fewer, chosen at random but
    /// the same each time.
    func choice(_ wanted: Int) throws -> [Int] {
        try SampleChoice.numbers(wanted, of: count)
    }
}
