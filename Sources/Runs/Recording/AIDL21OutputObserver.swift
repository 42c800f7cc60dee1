import Evaluation
import Figures
import Files
import Foundation
import TensorGraph
import WGAN

/// Leaves what the AIDL21-SAGAN project's program leaves of a training on images, under its names:
/// samples of fixed latents as single files, the losses, real beside generated images, and five
/// measures.
final class AIDL21OutputObserver: TrainingObserver {
    /// Images on each side of the comparison by eye.
    private static let shown = 64

    private let settings: OutputConfiguration.AIDL21Output
    private let journal: RunJournal
    private let files: AIDL21Files
    private var setsDue = 0
    private var lastSetStep: Int?

    init(
        _ settings: OutputConfiguration.AIDL21Output, in run: RunFolder, _ journal: RunJournal
    ) {
        (self.settings, self.journal) = (settings, journal)
        files = AIDL21Files(prefix: settings.prefix, in: run)
    }

    func began(_ trainer: Trainer) { setsDue = due(trainer) }

    func stepped(_ trainer: Trainer) throws {
        let due = due(trainer)
        defer { setsDue = due }
        // The first critic update makes a set, then every so many more.
        if due > setsDue { try writeSamples(trainer) }
    }

    func ended(_ trainer: Trainer) throws {
        if lastSetStep != trainer.step { try writeSamples(trainer) }
        let generated = try samples(trainer)
        for (name, figure) in try journal.history().curves().charts() where name == "losses" {
            try files.write(try figure.pngData(), "loss_plot.png")
        }
        try files.write(
            try comparison(trainer, generated).pngData(scale: 1), "real_fake_grid.png")
        try files.write(try metrics(trainer, generated), "metrics_report.out")
    }

    private func due(_ trainer: Trainer) -> Int {
        (trainer.criticUpdates + settings.every - 1) / settings.every
    }

    /// Images of latents that are the same each time.
    private func samples(_ trainer: Trainer) throws -> [Float] {
        let samples = try trainer.sample(settings.count)
        guard samples.allSatisfy(\.isFinite) else {
            throw TrainingError.nonFinite(step: trainer.step, quantity: "a generated pixel")
        }
        return samples.map { min(max($0, -1), 1) }
    }

    private func writeSamples(_ trainer: Trainer) throws {
        lastSetStep = trainer.step
        let epoch = max(trainer.criticUpdates - 1, 0) / (trainer.batchesPerEpoch ?? .max)
        let images = try Self.images(samples(trainer), trainer.sampleShape)
        for (index, image) in images.enumerated() {
            try files.write(try image.pngData(), "\(epoch)_\(index)_img.png")
        }
    }

    private func comparison(_ trainer: Trainer, _ generated: [Float]) throws -> Panels {
        let shape = trainer.sampleShape
        let count = min(settings.count, Self.shown)
        let sides = [
            ("Real images", trainer.realSamples(count, seed: trainer.setup.seed)),
            ("Generated images", Array(generated.prefix(count * shape.count))),
        ]
        let columns = Int(Double(count).squareRoot().rounded(.up))
        return Panels(
            try sides.map { title, values in
                try imageFigure(title, values, sampleShape: shape, columns: columns)
            }, columns: 2, spacing: 24)
    }

    /// A real batch against as many generated images, the last pair left out as by that program.
    private func metrics(_ trainer: Trainer, _ generated: [Float]) throws -> Data {
        let shape = trainer.sampleShape
        let real = trainer.realSamples(trainer.setup.batchSize, seed: trainer.setup.seed)
        let (x, y) = (try Self.batch(real, shape), try Self.batch(generated, shape))
        let report = try AIDL21Report(
            real: x, generated: y, droppingLast: min(x.count, y.count) > 1)
        let values = [
            ("PSNR", report.psnr), ("SSIM", report.ssim), ("HAAR", report.haarPSI),
            ("MSGMSD", report.msGMSD), ("MDSI", report.mdsi),
        ]
        let line = values.map { "\($0.0): \(decimal($0.1, 6))" }.joined(separator: ", ")
        let text = """
            \(line)
            step \(trainer.step), \(trainer.criticUpdates) critic updates; \(report.pairs) pairs \
            of a real and a generated image of \(shape[0])x\(shape[1])x\(shape[2]), each stretched \
            to 0...1 by its own extremes; definitions of PIQA 1.1.3, float64

            """
        return Data(text.utf8)
    }

    private static func batch(_ values: [Float], _ shape: Shape) throws -> SampleImages {
        try SampleImages(
            height: shape[0], width: shape[1], channels: shape[2], samples: values, range: -1...1)
    }

    private static func images(_ values: [Float], _ shape: Shape) throws -> [PixelImage] {
        try stride(from: 0, to: values.count, by: shape.count).map { start in
            try PixelImage(
                values: values[start..<start + shape.count], width: shape[1], height: shape[0],
                channels: shape[2])
        }
    }
}

/// Where the files of a report on images go: beside a run, or into it.
package struct AIDL21Files {
    /// The report's folder in a run's folder.
    private static let folder = "report/"

    private let place: (_ name: String) throws -> URL

    /// Files whose paths begin with `prefix`; where it is nil they are in the folder of `run`.
    init(prefix: String?, in run: RunFolder) {
        place = { name in
            try prefix.map { URL(fileURLWithPath: $0 + name) } ?? run.place(for: Self.folder + name)
        }
    }

    /// Writes a file, whole or not at all.
    func write(_ data: Data, _ name: String) throws {
        try AtomicFile.write(data, to: place(name))
    }

    /// Makes the folder that a prefix leads to, and sees that files can be written there.
    package static func prepare(prefix: String?) throws {
        guard let prefix else { return }
        let url = URL(fileURLWithPath: prefix + "metrics_report.out")
        let folder = url.deletingLastPathComponent()
        do {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        } catch {
            throw RunFailure.unusable(
                "the folder \(folder.path) for the report cannot be made; name another by "
                    + "outputs.report.prefix, or by 'out' in an AIDL21-SAGAN file")
        }
        try AtomicFileWriter(to: url).abandon()
    }
}
