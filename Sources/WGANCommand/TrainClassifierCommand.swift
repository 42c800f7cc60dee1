import ArgumentParser
import CPUExecutor
import Datasets
import FeatureNetworks
import Files
import Foundation
import Runs

/// `wgan train-classifier`: makes the classifiers that come with the package.
struct TrainClassifierCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "train-classifier",
        abstract: "Train a classifier whose features judge generated images.",
        discussion: """
            Example:
              wgan train-classifier mnist --data ~/data/mnist --out mnist.safetensors
            """, shouldDisplay: false)

    @Argument(help: "mnist or fashion-mnist.")
    var dataset: String

    @Option(help: ArgumentHelp("Where the weights go.", valueName: "file"))
    var out: String

    @Option(help: "How many times each image is seen.")
    var epochs = 10

    @Option(help: "What all random numbers are a function of.")
    var seed: UInt64 = 1

    @Option(help: ArgumentHelp("The folder with the data's files.", valueName: "folder"))
    var data: String?

    @Option(help: "Threads to use; by default one for each processor.")
    var threads: Int?

    func run() throws {
        let (variant, images, training) = try Refusal.guarding { try prepare() }
        let bar = ProgressBar(total: training.steps)
        while training.step < training.steps {
            try training.train(to: training.step + 10)
            bar.update(
                iteration: training.step,
                fields: ["loss \(String(format: "%.4f", training.loss))"])
        }
        bar.finish()
        let weights = try training.safetensors()
        let network = try FeatureNetwork(data: weights, named: out)
        let extractor = try FeatureExtractor(network, on: CPUDevice(threads: threads))
        for split in DatasetSplit.allCases {
            let images =
                split == .train ? images : try ImageSet.mnist(variant, split, folder: data)
            let accuracy = try extractor.accuracy(on: images)
            try print("accuracy on \(split.rawValue): \(String(format: "%.2f", 100 * accuracy)) %")
        }
        try AtomicFile.write(weights, to: URL(fileURLWithPath: out))
        try print("\(network.sha256)  \(out), \(weights.count) bytes")
    }

    private func prepare() throws -> (MNISTVariant, ImageSet, ClassifierTraining) {
        guard let variant = MNISTVariant(rawValue: dataset) else {
            let known = MNISTVariant.allCases.map(\.rawValue).joined(separator: " or ")
            throw CommandFailure("there is no classifier of '\(dataset)'; choose \(known)")
        }
        guard (1...1000).contains(epochs), (1...1024).contains(threads ?? 1) else {
            throw CommandFailure("give 1 to 1000 epochs and 1 to 1024 threads")
        }
        try AtomicFileWriter(to: URL(fileURLWithPath: out)).abandon()
        let images = try ImageSet.mnist(variant, .train, folder: data)
        let training = try ClassifierTraining(
            variant, on: images, epochs: epochs, seed: seed, device: CPUDevice(threads: threads))
        return (variant, images, training)
    }
}
