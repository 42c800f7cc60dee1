import Evaluation
import Testing

@Suite("Feature matrices")
struct FeatureMatrixTests {
    @Test("refuse what does not make whole rows")
    func shapes() {
        #expect(throws: SampleError.empty) { try FeatureMatrix([Float](), dimensions: 2) }
        for dimensions in [Int.min, 0] {
            #expect(throws: SampleError.dimensions(dimensions)) {
                try FeatureMatrix([1.0], dimensions: dimensions)
            }
        }
        for dimensions in [2, .max] {
            #expect(throws: SampleError.unevenRows(values: 3, dimensions: dimensions)) {
                try FeatureMatrix([1.0, 2, 3], dimensions: dimensions)
            }
        }
    }

    @Test(
        "say where a number is not finite or too large", arguments: [Double.nan, .infinity, 2e100])
    func values(_ bad: Double) {
        #expect(throws: SampleError.valueOutOfRange(row: 1, column: 0)) {
            try FeatureMatrix([1, 2, bad, 4], dimensions: 2)
        }
    }
}
