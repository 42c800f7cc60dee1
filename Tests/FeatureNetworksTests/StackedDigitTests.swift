import CPUExecutor
import Datasets
import Evaluation
import FeatureNetworks
import FileTestSupport
import Foundation
import Testing

@Suite("The classes of stacked digits")
struct StackedDigitClassifierTests {
    /// The floor of 13 000 samples is 0.038; that MNIST's digits are not equally frequent adds
    /// 0.004. Twenty draws of MNIST's shares had 0.043 ± 0.002.
    @Test(
        "real ones are of nearly all classes, with the divergence of as many samples",
        .enabled(if: SharedData.isPresent, "the folder ../shared/data is not there"),
        arguments: [28, 32])
    func real(side: Int) throws {
        let digits = try ImageSet.mnist(.digits, .test, folder: SharedData.folder)
        let count = side == 28 ? 13_000 : 500
        let stacks = try StackedDigits(of: digits, count: count, side: side)
        let classifier = try StackedDigitClassifier(on: CPUDevice(threads: 2))
        let classes = try classifier.classes(count: count, side: side) { images, room in
            Array(images).withUnsafeBufferPointer { stacks.fill(batch: $0, into: room) }
        }
        let right = zip(classes, stacks.labels).count { $0 == Int($1) }
        #expect(Double(right) / Double(count) > 0.95)
        guard side == 28 else { return }
        let coverage = try ClassCoverage(of: classes, among: StackedDigits.classCount)
        #expect(coverage.classesFound >= 998)
        #expect((0.035...0.052).contains(coverage.divergence), "\(coverage.divergence)")
        #expect(abs(coverage.floor - 999.0 / 26_000) < 1e-12)
    }
}
