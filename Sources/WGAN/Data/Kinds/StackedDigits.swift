package import Datasets
package import StrictYAML
package import TensorGraph

extension StackedDigits: ConfigurableData {
    /// `stackedDigits`, or `stackedDigits: {split: train, samples: 128000, size: 28, seed: 0}`, or
    /// `stackedDigits: {endless: true}`.
    package static let configurationName = "stackedDigits"

    package static func read(
        _ section: ConfigurationSection
    ) throws(ConfigurationError) -> any DataConfiguration {
        let splits: [String: DatasetSplit] = ["train": .train, "test": .test]
        let split = try section.choice("split", of: splits, default: "train")
        let side = try section.value("size", .integer(in: 28...32), default: 28)
        guard sides.contains(side) else {
            throw section.invalid("size", "must be 28 or 32, but is \(side)")
        }
        guard try section.value("endless", .boolean, default: false) else {
            let count = try section.value(
                "samples", .integer(in: 1...largestCount), default: usualCount)
            return StackedDigitData(
                split: split, side: side,
                fixed: .init(count: count, seed: try section.value("seed", .seed, default: 0)))
        }
        for key in ["samples", "seed"] where section.has(key) {
            throw section.invalid(
                key,
                "is about a fixed set, and 'endless' draws fresh images in every batch; leave "
                    + "one of the two out")
        }
        return StackedDigitData(split: split, side: side, fixed: nil)
    }
}

/// Three handwritten digits as the channels of one image.
package struct StackedDigitData: DataConfiguration {
    /// A set whose images come again in every epoch.
    struct FixedSet: Hashable {
        let count: Int
        let seed: UInt64
    }

    let split: DatasetSplit
    let side: Int
    /// Nil for fresh images in every batch.
    let fixed: FixedSet?

    package var sampleShape: Shape { [side, side, 3] }
    package var distribution: (any PointDistribution)? { nil }
    package var hasLabels: Bool { fixed != nil }
    package var orientation: ImageOrientation { .stated }

    package func source(
        batchSize: Int, seed: UInt64, folder: String?, progress: OpeningProgress
    ) throws -> any SampleSource {
        let stacks = try stacks(folder: folder)
        guard fixed != nil else {
            return StackedDigitSource(endlessly: stacks, batchSize: batchSize, seed: seed)
        }
        return try StackedDigitSource(stacks, batchSize: batchSize, seed: seed)
    }

    /// The fixed set, or any one from which fresh images can be drawn.
    package func stacks(folder: String?) throws -> StackedDigits {
        try StackedDigits(
            of: .mnist(.digits, split, folder: folder), count: fixed?.count ?? 1, side: side,
            seed: fixed?.seed ?? 0)
    }

    /// The images of the split that the training does not see, in the same shape.
    package func heldOut(folder: String?) throws -> StackedDigits {
        try StackedDigitData(
            split: split == .train ? .test : .train, side: side, fixed: fixed
        ).stacks(folder: folder)
    }

    package func files(folder: String?) throws -> DataFiles? {
        try ImageSet.mnistFiles(.digits, split, folder: folder)
    }
}
