import ArgumentParser
import CPUExecutor
import Foundation
import Runs
import StrictYAML
import WGAN

/// `wgan sample`.
struct SampleCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sample",
        abstract: "Draw samples from a finished run.",
        discussion: """
            The file's ending decides: .npy and .csv hold the samples themselves (points, or images \
            as N×H×W×C numbers in −1…1), .png a picture of them. One seed always gives the same \
            samples, and the first of many are those of few.

            Examples:
              wgan sample runs/mixture-1 --count 1000 --out points.csv
              wgan sample runs/mnist-gp-1 --count 64 --seed 7 --out digits.png
            """)

    @Argument(help: ArgumentHelp("The run's folder.", valueName: "run"))
    var folder: String

    @Option(help: "How many samples.")
    var count = 64

    @Option(help: "Which samples.")
    var seed: UInt64 = 0

    @Option(help: ArgumentHelp("Where to write: .npy, .csv or .png.", valueName: "file"))
    var out: String

    func run() throws {
        let url = URL(fileURLWithPath: out)
        let (configuration, form, sampler) = try Refusal.guarding { try prepare(url) }
        let values = try sampler.sample(count, seed: seed)
        try form.write(
            values, count: count, shape: sampler.sampleShape, of: configuration, to: url)
    }

    private func prepare(_ url: URL) throws -> (TrainingConfiguration, SampleFile, Sampler) {
        guard count > 0 else {
            throw CommandFailure("--count \(count) makes no sense; give at least 1")
        }
        let form = try SampleFile(url)
        let run = try RunFolder(opening: URL(fileURLWithPath: folder, isDirectory: true))
        let document = try TrainingConfiguration.document(
            presetOrFile: run.url(of: RunFolder.configurationPath).path)
        let configuration = try TrainingConfiguration(document)
        let device = CPUDevice()
        let sampler = try Sampler(configuration.setup, on: device)
        try form.check(count: count, shape: sampler.sampleShape)
        try Weights.load(sampler.parameters, from: run, to: device)
        // What cannot be written is better known before the samples are made.
        try AtomicFileWriter(to: url).abandon()
        return (configuration, form, sampler)
    }
}
