import GoldenSupport
import Testing

@Suite("Training beside PyTorch")
struct GoldenTests {
    @Test(
        "every golden case is reproduced to rounding error in double precision",
        .enabled(if: GoldenFiles.exist, "the folder ../shared/reference/golden is absent"),
        arguments: try GoldenFiles.trainingFiles)
    func reproduced(file: String) throws {
        let report = try GoldenTraining.reproduce(file, .double, runByReference)
        #expect(report.comparisons > 10)
        #expect(report.mismatches.isEmpty, "\(report.mismatches.joined(separator: "\n"))")
    }
}
