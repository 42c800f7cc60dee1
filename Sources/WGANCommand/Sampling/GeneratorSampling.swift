import CPUExecutor
import Figures
import Files
import Foundation
import Runs
import TensorGraph
import WGAN

/// Images of a saved generator as single files: what `arch: Generator` asks for.
struct GeneratorSampling {
    /// Images of which the names have the same first number.
    private static let setSize = 64

    private let sampler: Sampler
    private let latents: [Float]
    private let settings: AIDL21Settings
    private let count: Int
    /// What the user should know about the weights.
    let notes: [String]

    /// Opens the weights, and sees that images can be written.
    ///
    /// - Parameter settings: Those of a file with `arch: Generator`; its `path` is a run's folder
    ///   or a safetensors file.
    init(
        _ settings: AIDL21Settings, _ configuration: TrainingConfiguration, on device: CPUDevice
    ) throws {
        self.settings = settings
        count = settings.quantity ?? 0
        var isFolder: ObjCBool = false
        let exists = FileManager.default.fileExists(
            atPath: settings.path, isDirectory: &isFolder)
        if exists, isFolder.boolValue {
            let run = try RunFolder(opening: URL(fileURLWithPath: settings.path))
            sampler = try Sampler(TrainingConfiguration(of: run).setup, on: device)
            let saved = try SavedWeights(.newest, of: run)
            try saved.load(sampler.parameters, to: device)
            notes = saved.notes
        } else {
            let weights = try GeneratorWeights(at: settings.path)
            sampler = try Sampler(configuration.setup, on: device)
            try weights.load(sampler.parameters, to: device)
            notes = []
        }
        let size = settings.imageSize
        let shape = sampler.sampleShape
        guard shape.rank == 3, shape[0] == size, shape[1] == size else {
            throw CommandFailure(
                "the generator in \(settings.path) makes samples of \(shape), not images of "
                    + "\(size) pixels; set image_size to what it was trained with")
        }
        latents = try sampler.latents(count, seed: settings.seed)
        try AIDL21Files.prepare(prefix: settings.filePrefix)
    }

    /// Makes the images a few at a time, and writes each.
    func run(isQuiet: Bool) throws {
        let bar = ProgressBar(total: count, isQuiet: isQuiet)
        defer { bar.finish() }
        let (shape, size) = (sampler.sampleShape, sampler.latent.size)
        for start in stride(from: 0, to: count, by: Sampler.batchSize) {
            let end = min(count, start + Sampler.batchSize)
            let values = try sampler.samples(of: Array(latents[start * size..<end * size]))
            for index in start..<end {
                let offset = (index - start) * shape.count
                let image = try PixelImage(
                    values: values[offset..<offset + shape.count], width: shape[1],
                    height: shape[0], channels: shape[2])
                try AtomicFile.write(try image.pngData(), to: place(of: index))
            }
            bar.update(iteration: end, fields: ["images"])
        }
    }

    /// What was made, for people.
    var summary: String {
        "\(counted(count, "image")) of \(settings.imageSize) pixels: \(place(of: 0).path) and so on"
    }

    private func place(of index: Int) -> URL {
        let (set, place) = index.quotientAndRemainder(dividingBy: Self.setSize)
        return URL(fileURLWithPath: "\(settings.filePrefix)\(set)_\(place)_img.png")
    }
}
