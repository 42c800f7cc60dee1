import Evaluation
import Testing

@Suite("What is said about wrong input")
struct ErrorSentenceTests {
    private func errors() throws -> [any Error & CustomStringConvertible] {
        let shape = try ImageFixtures.waves(4, 6).shape
        let images: [SampleImageError] = [
            .noImages, .shape(shape), .sampleCount(found: 3, shape: shape), .range(1...1),
            .outOfRange(place: [1, 2, 0], found: .nan, range: 0...1),
            .unequalShapes(index: 3, found: shape, expected: shape),
            .shapesDiffer(first: shape, second: shape), .countsDiffer(first: 3, second: 4),
            .tooSmall(measure: "GMSD", found: shape, smallest: GMSD().smallestSize),
            .needsColour(measure: "MS-GMSDc"), .scaleWeights([-1]), .noPairs,
            .window(size: 4, deviation: 1),
        ]
        let samples: [SampleError] = [
            .empty, .dimensions(0), .unevenRows(values: 5, dimensions: 2),
            .valueOutOfRange(row: 1, column: 2), .dimensionsDiffer(first: 2, second: 3),
            .tooLittleMemory(
                work: "this", needed: 3 << 30, available: 1 << 20, remedy: "give less"),
            .tooFewRows(found: 1, needed: 2), .tooManyRows(200_000),
            .neighbours(9, smallestSet: 5), .subsets(count: 0, size: 1, smallestSet: 5),
            .sampleSizes([1], smallestSet: 5), .kernel(degree: 0, scale: 1, offset: 1),
            .kernelOverflow, .notProbabilities(row: 4), .splits(7, samples: 5),
            .classNumber(sample: 3, classes: 10), .unpairedRows(first: 2, second: 3),
            .pathLength(step: 0, low: 1, high: 99), .directions(0),
            .modes(centres: 3, deviations: 2, weights: 1), .modeNumber(mode: 2),
            .qualityCriterion(radius: 0, least: 1),
        ]
        return images + samples
    }

    @Test("is one sentence with a remedy, different for each mistake")
    func sentences() throws {
        let sentences = try errors().map(\.description)
        #expect(Set(sentences).count == sentences.count)
        for sentence in sentences {
            #expect(sentence.hasSuffix(".") && sentence.contains(";"), "\(sentence)")
            #expect(!sentence.contains(". "), "\(sentence)")
            #expect(!sentence.contains("cannot be measured"), "\(sentence)")
        }
    }
}
