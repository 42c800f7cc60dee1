public import Datasets
public import Evaluation
import TensorGraph

/// The mistake of data whose images have rows and columns exchanged, as EMNIST is published.
public enum Transposition {
    /// What a user is told.
    public static let sentence =
        "the images look transposed: the classifier knows far more of them with rows and columns "
        + "exchanged; set 'transposed: true' in the data's settings"

    /// What a user is told of a set of images beside another one.
    public static let comparison =
        "the two sides look transposed to each other: with rows and columns of one exchanged their "
        + "means are far nearer; turn that side upright, as EMNIST's files need it"

    /// Images that are looked at.
    public static let sampleCount = 400
    /// Fewer tell nothing.
    static let fewest = 50

    /// Whether images look transposed beside others: whether the mean of their features is at most
    /// half as far from that of the others once rows and columns are exchanged, and was farther
    /// away than the luck of sampling would have it.
    ///
    /// - Parameters:
    ///   - images: The features of images.
    ///   - turned: Those of the same images with rows and columns exchanged.
    ///   - others: Those of the images beside them.
    public static func isLikely(
        _ images: FeatureMatrix, turned: FeatureMatrix, beside others: FeatureMatrix
    ) -> Bool {
        guard min(images.count, others.count) >= fewest else { return false }
        let (mean, noise) = moments(images)
        let (other, otherNoise) = moments(others)
        let distance = squaredDistance(mean, other)
        return distance > 4 * (noise + otherNoise)
            && squaredDistance(moments(turned).mean, other) < distance / 4
    }

    /// The mean of the first rows, and its squared standard error.
    private static func moments(_ rows: FeatureMatrix) -> (mean: [Double], noise: Double) {
        let looked = 0..<min(rows.count, sampleCount)
        let count = Double(looked.count)
        var noise = 0.0
        let mean = (0..<rows.dimensions).map { column in
            let mean = looked.reduce(0.0) { $0 + rows[$1, column] } / count
            noise += looked.reduce(0.0) { sum, row in
                sum + (rows[row, column] - mean) * (rows[row, column] - mean)
            }
            return mean
        }
        return (mean, noise / (count - 1) / count)
    }

    private static func squaredDistance(_ x: [Double], _ y: [Double]) -> Double {
        zip(x, y).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
    }

    /// Images `[N, side, side, channels]` with rows and columns exchanged.
    public static func turned(_ images: [Float], side: Int, channels: Int) -> [Float] {
        var turned = images
        for start in stride(from: 0, to: images.count, by: side * side * channels) {
            for row in 0..<side {
                for column in 0..<side {
                    let target = start + (row * side + column) * channels
                    let source = start + (column * side + row) * channels
                    for channel in 0..<channels {
                        turned[target + channel] = images[source + channel]
                    }
                }
            }
        }
        return turned
    }
}

extension FeatureExtractor {
    /// Whether labelled images look transposed: whether more than half of their classes are found
    /// once rows and columns are exchanged, and less than half of these as the images are.
    ///
    /// A good classifier finds nearly all classes of images that are upright, and of others about
    /// as many in either position.
    ///
    /// - Returns: False also for images without labels, in another shape, or too few of the
    ///   classifier's classes.
    public func findsTransposed(_ images: ImageSet) throws -> Bool {
        guard let labels = images.labels, images.height == images.width,
            [images.height, images.width, images.channels] == network.input.dimensions
        else { return false }
        let known = labels.indices.lazy.filter { Int(labels[$0]) < self.network.classCount ?? 0 }
        let chosen = Array(known.prefix(Transposition.sampleCount))
        guard chosen.count >= Transposition.fewest else { return false }
        let (upright, classes) = (images.scaled(chosen), chosen.map { Int(labels[$0]) })
        let turned = Transposition.turned(
            upright, side: images.height, channels: images.channels)
        let exchanged = try share(turned, classes)
        return try exchanged > 0.5 && share(upright, classes) < exchanged / 2
    }

    private func share(_ images: [Float], _ labels: [Int]) throws -> Double {
        try result(of: images, shape: network.input).probabilities?
            .share(mostProbableIn: labels) ?? 0
    }
}
