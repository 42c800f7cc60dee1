import CPUExecutor
import Datasets
import FeatureNetworks
import Testing

@Suite("Training of classifiers")
struct ClassifierTrainingTests {
    /// Dark images of class 0, bright ones of class 1.
    private func images(labelled: Bool = true) throws -> ImageSet {
        let labels = (0..<256).map { UInt16($0 % 2) }
        let pixels = labels.enumerated().flatMap { index, label in
            (0..<784).map { UInt8(($0 * 31 + index * 17) % 100 + 150 * Int(label)) }
        }
        return try ImageSet(
            height: 28, width: 28, channels: 1, pixels: pixels, labels: labelled ? labels : nil)
    }

    private func training(seed: UInt64 = 3) throws -> ClassifierTraining {
        try ClassifierTraining(
            .fashion, on: images(), epochs: 3, seed: seed, device: CPUDevice(threads: 1))
    }

    @Test("learns, and leaves a file that is a feature network")
    func learns() throws {
        let training = try training()
        #expect(training.steps == 6)
        try training.train(to: 1)
        let first = training.loss
        // Unequal classes of ten at first: about ln 10.
        #expect(first > 1.5 && first < 4)
        try training.train(to: 100)
        #expect(training.step == 6)
        #expect(training.loss < 0.7 * first)
        let network = try FeatureNetwork(data: training.safetensors(), named: "a")
        #expect(network.featureCount == 64)
        let extractor = try FeatureExtractor(network, on: CPUDevice(threads: 1))
        #expect(try extractor.accuracy(on: images()) >= 0.5)
    }

    @Test("gives the same bits for the same seed, and others for another")
    func seeds() throws {
        let files = try [UInt64(3), 3, 4].map { seed in
            let training = try training(seed: seed)
            try training.train(to: 2)
            return try training.safetensors()
        }
        #expect(files[0] == files[1])
        #expect(files[0] != files[2])
    }

    @Test("needs labels, and enough images for a batch")
    func refusals() throws {
        let device = CPUDevice(threads: 1)
        #expect(throws: ImageSetError.noLabels) {
            try ClassifierTraining(
                .digits, on: images(labelled: false), epochs: 1, seed: 0, device: device)
        }
        let few = try ImageSet(
            height: 28, width: 28, channels: 1, pixels: [UInt8](repeating: 0, count: 784),
            labels: [1])
        #expect(throws: EpochOrderError.self) {
            try ClassifierTraining(.digits, on: few, epochs: 1, seed: 0, device: device)
        }
    }
}
