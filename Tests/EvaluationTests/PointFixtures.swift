import Evaluation
import Philox

/// Normally distributed features, the same in every run.
func normalFeatures(
    _ count: Int, _ dimensions: Int, seed: UInt64, shift: Double = 0, scale: Double = 1
) throws -> FeatureMatrix {
    var random = RandomStream(seed: seed, stream: 7)
    let values = (0..<count * dimensions).map { _ in shift + scale * Double(random.nextNormal()) }
    return try FeatureMatrix(values, dimensions: dimensions)
}
