import Evaluation
import Testing

@Suite("The classifier score")
struct ClassifierScoreTests {
    /// Rows that are certain of a class each.
    private func certain(_ labels: [Int], classes: Int) throws -> FeatureMatrix {
        try FeatureMatrix(
            labels.flatMap { label in (0..<classes).map { $0 == label ? 1.0 : 0 } },
            dimensions: classes)
    }

    @Test("is the number of classes when each sample is clear and all classes occur equally")
    func best() throws {
        let score = try ClassifierScore(
            probabilities: certain([0, 1, 2, 3, 0, 1, 2, 3], classes: 4), splits: 2)
        #expect(abs(score.value - 4) < 1e-12 && score.standardDeviation < 1e-12)
        #expect(score.count == 8 && score.classes == 4)
    }

    @Test("is one when all samples look alike")
    func worst() throws {
        let same = try certain([1, 1, 1], classes: 4)
        #expect(try ClassifierScore(probabilities: same, splits: 1).value == 1)
        let unsure = try FeatureMatrix([Float](repeating: 0.25, count: 12), dimensions: 4)
        #expect(abs(try ClassifierScore(probabilities: unsure, splits: 1).value - 1) < 1e-12)
    }

    @Test("is the mean over splits, with their standard deviation")
    func splits() throws {
        let score = try ClassifierScore(
            probabilities: certain([0, 0, 0, 1], classes: 2), splits: 2)
        #expect(abs(score.perSplit[0] - 1) < 1e-12 && abs(score.perSplit[1] - 2) < 1e-12)
        #expect(abs(score.value - 1.5) < 1e-12 && abs(score.standardDeviation - 0.5) < 1e-12)
        let uneven = try ClassifierScore(
            probabilities: certain([0, 1, 0, 1, 0], classes: 2), splits: 3)
        #expect(uneven.perSplit.count == 3)
    }

    @Test("refuses rows that are not probabilities, and splits that cannot be")
    func refusals() throws {
        for row in [[0.5, 0.6], [1.5, -0.5], [0, 0]] {
            let rows = try FeatureMatrix([0.5, 0.5] + row, dimensions: 2)
            #expect(throws: SampleError.notProbabilities(row: 1)) {
                try ClassifierScore(probabilities: rows, splits: 1)
            }
        }
        let rows = try FeatureMatrix([0.5, 0.5, 1, 0], dimensions: 2)
        for splits in [Int.min, 0, 3, .max] {
            #expect(throws: SampleError.splits(splits, samples: 2)) {
                try ClassifierScore(probabilities: rows, splits: splits)
            }
        }
    }
}
