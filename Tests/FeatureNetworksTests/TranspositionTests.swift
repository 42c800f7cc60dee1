import CPUExecutor
import Datasets
import FeatureNetworks
import FileTestSupport
import Foundation
import Testing

@Suite(
    "Images that look transposed",
    .enabled(if: SharedData.isPresent, "the folder ../shared/data is not there"))
struct TranspositionTests {
    private func extractor(_ variant: MNISTVariant) throws -> FeatureExtractor {
        try FeatureExtractor(BuiltInClassifier(variant).network, on: CPUDevice(threads: 1))
    }

    @Test("are found where they are, in both data sets", arguments: MNISTVariant.allCases)
    func found(variant: MNISTVariant) throws {
        let images = try ImageSet.mnist(variant, .test, folder: SharedData.folder)
        #expect(try extractor(variant).findsTransposed(images.transposed()))
    }

    @Test("raise no alarm as they are published, by either classifier")
    func noAlarm() throws {
        for variant in MNISTVariant.allCases {
            let extractor = try extractor(variant)
            for set in MNISTVariant.allCases {
                for split in DatasetSplit.allCases {
                    let images = try ImageSet.mnist(set, split, folder: SharedData.folder)
                    #expect(try !extractor.findsTransposed(images), "\(variant) \(set) \(split)")
                }
            }
        }
    }

    @Test("raise none for single classes", arguments: MNISTVariant.allCases)
    func classes(variant: MNISTVariant) throws {
        let images = try ImageSet.mnist(variant, .test, folder: SharedData.folder)
        let extractor = try extractor(variant)
        for label in 0..<10 {
            #expect(try !extractor.findsTransposed(images.filtered(toClass: label)), "\(label)")
        }
    }

    @Test("cannot be told without labels, of another size, or from few")
    func unknown() throws {
        let images = try ImageSet.mnist(.digits, .test, folder: SharedData.folder).transposed()
        let extractor = try extractor(.digits)
        let count = 60
        let pixels = Array(images.pixels.prefix(count * 784))
        let labels = try #require(images.labels)
        let bare = try ImageSet(height: 28, width: 28, channels: 1, pixels: pixels)
        #expect(try !extractor.findsTransposed(bare))
        let strange = try ImageSet(
            height: 28, width: 28, channels: 1, pixels: pixels,
            labels: labels.prefix(count).map { $0 + 10 })
        #expect(try !extractor.findsTransposed(strange))
        let wide = try ImageSet(
            height: 14, width: 56, channels: 1, pixels: pixels, labels: Array(labels.prefix(count)))
        #expect(try !extractor.findsTransposed(wide))
        let few = try ImageSet(
            height: 28, width: 28, channels: 1, pixels: Array(pixels.prefix(20 * 784)),
            labels: Array(labels.prefix(20)))
        #expect(try !extractor.findsTransposed(few))
    }
}
