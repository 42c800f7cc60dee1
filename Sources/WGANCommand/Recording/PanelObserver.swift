import Figures
import Foundation
import Runs
import WGAN

/// Draws frames of two panels, samples and the losses so far: each as a file, the latest under a
/// fixed name too, and all of them as an animation at the end.
final class PanelObserver: TrainingObserver {
    private typealias Picture = (Trainer, _ count: Int) throws -> any Figure

    private let settings: OutputConfiguration.Panels
    private let run: RunFolder
    private let journal: RunJournal
    private let picture: Picture
    private var frames: [PixelImage] = []
    /// Frames from one that the animation keeps to the next; doubled when there are too many.
    private var stride = 1
    private var drawn = 0

    /// The most frames of the animation, which are in memory until the end.
    private static let largestCount = 100

    /// Frames with points of the plane.
    convenience init(
        _ settings: OutputConfiguration.Panels, _ view: PointView, in run: RunFolder,
        _ journal: RunJournal
    ) {
        self.init(settings, run, journal) { trainer, count in
            view.scatter(
                try trainer.sample(count, seed: trainer.setup.seed), step: trainer.step)
        }
    }

    /// Frames with images, always of the same latents.
    convenience init(
        _ settings: OutputConfiguration.Panels, in run: RunFolder, _ journal: RunJournal
    ) {
        self.init(settings, run, journal) { trainer, count in
            let columns = Int(Double(count).squareRoot().rounded(.up))
            return try imageFigure(
                "Generated images, step \(trainer.step)",
                try trainer.sample(count, seed: trainer.setup.seed),
                sampleShape: trainer.sampleShape, columns: columns,
                classes: trainer.setup.condition?.classes)
        }
    }

    private init(
        _ settings: OutputConfiguration.Panels, _ run: RunFolder, _ journal: RunJournal,
        _ picture: @escaping Picture
    ) {
        (self.settings, self.run, self.journal) = (settings, run, journal)
        self.picture = picture
    }

    /// Where the training goes on, the animation's frames so far are those of the files.
    func began(_ trainer: Trainer) throws {
        try run.removePictures(in: "panels", after: trainer.step)
        for url in try run.pictures(in: "panels") {
            try keep { try PixelImage(pngData: Data(contentsOf: url)) }
        }
    }

    func stepped(_ trainer: Trainer) throws {
        guard trainer.isDue(settings.interval) else { return }
        let frame = try frame(trainer)
        let png = try frame.pngData(scale: 1)
        try run.write(png, at: "panels/step-\(padded(trainer.step)).png")
        try run.write(png, at: "figures/panels.png")
        try keep { try frame.image() }
    }

    private func keep(_ image: () throws -> PixelImage) throws {
        if drawn % stride == 0 { frames.append(try image()) }
        drawn += 1
        if frames.count > Self.largestCount {
            frames = frames.indices.filter { $0 % 2 == 0 }.map { frames[$0] }
            stride *= 2
        }
    }

    func ended(_ trainer: Trainer) throws {
        guard !frames.isEmpty else { return }
        try run.write(
            try AnimatedGIF(frames: frames, delay: 0.15).gifData(), at: "figures/panels.gif")
    }

    private func frame(_ trainer: Trainer) throws -> Panels {
        let samples = try picture(trainer, settings.count)
        let size = FigureSize(520, min(max(samples.size.height, 340), 480))
        let chart = MetricChart.losses
        let losses = chart.figure(
            of: try journal.history().series(of: chart.metrics), size: size)
        let figures: [any Figure] = losses.map { [samples, $0] } ?? [samples]
        return Panels(figures, columns: 2)
    }
}
