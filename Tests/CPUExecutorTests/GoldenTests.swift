import CPUExecutor
import GoldenSupport
import TensorGraph
import Testing

@Suite("The CPU executor beside PyTorch")
struct GoldenTests {
    @Test(
        "every golden case is reproduced to rounding error in single precision",
        .enabled(if: GoldenFiles.exist, "the folder ../shared/reference/golden is absent"),
        arguments: try GoldenFiles.trainingFiles)
    func reproduced(file: String) throws {
        let report = try GoldenTraining.reproduce(
            file, .single, runner { CPUDevice(threads: 1) })
        #expect(report.comparisons > 10)
        #expect(report.mismatches.isEmpty, "\(report.mismatches.joined(separator: "\n"))")
    }
}
