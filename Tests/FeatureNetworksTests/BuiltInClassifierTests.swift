import CPUExecutor
import Datasets
import FeatureNetworks
import FileTestSupport
import Foundation
import Testing

@Suite("The classifiers that come with the package")
struct BuiltInClassifierTests {
    @Test("have the hash that they are known by", arguments: BuiltInClassifier.allCases)
    func hashes(classifier: BuiltInClassifier) throws {
        let network = try classifier.network
        #expect(network.sha256 == classifier.sha256)
        #expect(network.name == classifier.rawValue + "-classifier")
        #expect(network.featureCount == 64)
        #expect(network.classCount == 10)
    }

    @Test(
        "know most images of the test split, as they did when they were made",
        .enabled(if: SharedData.isPresent, "the folder ../shared/data is not there"),
        arguments: [(MNISTVariant.digits, 0.98), (.fashion, 0.88)])
    func accuracy(variant: MNISTVariant, least: Double) throws {
        let images = try ImageSet.mnist(variant, .test, folder: SharedData.folder)
        let first = try ImageSet(
            height: 28, width: 28, channels: 1, pixels: Array(images.pixels.prefix(1000 * 784)),
            labels: images.labels.map { Array($0.prefix(1000)) })
        let extractor = try FeatureExtractor(
            BuiltInClassifier(variant).network, on: CPUDevice(threads: 1))
        #expect(try extractor.accuracy(on: first) >= least)
    }
}
