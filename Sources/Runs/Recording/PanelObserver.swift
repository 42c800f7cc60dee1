import Figures
import Files
import Foundation
import WGAN

/// Draws frames of two panels, samples and the losses so far: each as a file, the latest under a
/// fixed name too, and an animation of the files at the end.
struct PanelObserver: TrainingObserver {
    private typealias Picture = (Trainer, _ count: Int) throws -> any Figure

    private let settings: OutputConfiguration.Panels
    private let run: RunFolder
    private let journal: RunJournal
    private let note: (String) -> Void
    private let picture: Picture

    private static let (folder, path) = ("panels", "figures/panels.gif")
    /// The most frames of the animation.
    private static let largestCount = 100

    /// Frames with points of the plane.
    ///
    /// - Parameter note: Is told of files that the animation does without.
    init(
        _ settings: OutputConfiguration.Panels, _ view: PointView, in run: RunFolder,
        _ journal: RunJournal, _ note: @escaping (String) -> Void
    ) {
        self.init(settings, run, journal, note) { trainer, count in
            view.scatter(try trainer.sample(count), step: trainer.step)
        }
    }

    /// Frames with images, of the same latents in every run.
    init(
        _ settings: OutputConfiguration.Panels, in run: RunFolder, _ journal: RunJournal,
        _ note: @escaping (String) -> Void
    ) {
        self.init(settings, run, journal, note) { trainer, count in
            let columns = Int(Double(count).squareRoot().rounded(.up))
            return try imageFigure(
                "Generated images, step \(trainer.step)",
                try trainer.sample(count),
                sampleShape: trainer.sampleShape, columns: columns,
                classes: trainer.setup.condition?.classes)
        }
    }

    private init(
        _ settings: OutputConfiguration.Panels, _ run: RunFolder, _ journal: RunJournal,
        _ note: @escaping (String) -> Void, _ picture: @escaping Picture
    ) {
        (self.settings, self.run, self.journal) = (settings, run, journal)
        (self.note, self.picture) = (note, picture)
    }

    func began(_ trainer: Trainer) throws {
        try run.removePictures(in: Self.folder, after: trainer.step)
        try journal.follow(MetricChart.losses.metrics)
    }

    func needsState(of trainer: Trainer, atStep step: Int) -> Bool {
        trainer.isDue(settings.interval, atStep: step)
    }

    func stepped(_ trainer: Trainer) throws {
        guard trainer.isDue(settings.interval) else { return }
        let png = try frame(trainer).pngData(scale: 1)
        try run.write(png, at: "\(Self.folder)/step-\(padded(trainer.step)).png")
        try run.write(png, at: "figures/panels.png")
    }

    func ended(_ trainer: Trainer) throws {
        var (mark, colours) = (AnimationMark(), PictureColors())
        let files = try chosenFiles()
        for (step, url) in files {
            ((try? ReadableFile(url).bytes()) ?? []).withUnsafeBytes { mark.add($0, step: step) }
        }
        guard mark.frames > 0, try !run.hasAnimation(mark, at: Self.path) else { return }
        let shown = files.filter { _, url in
            if let picture = Self.image(url), (try? colours.add(picture)) != nil { return true }
            note(
                "\(Self.folder)/\(url.lastPathComponent) is damaged or of another size than the "
                    + "others; the animation does without it")
            return false
        }
        guard !shown.isEmpty else { return }
        let animation = try PictureAnimation(colours, delay: 0.15)
        let file = try run.writer(at: Self.path)
        for case let picture? in shown.lazy.map({ Self.image($0.url) }) {
            try animation.append(picture)
            try file.append(animation.encoded())
        }
        try file.append(animation.finish(comment: mark.comment))
        try file.commit()
    }

    private static func image(_ url: URL) -> PixelImage? {
        try? PixelImage(pngData: Data(ReadableFile(url).bytes()))
    }

    /// The files of the animation's frames: all, every second one, every fourth, …
    private func chosenFiles() throws -> [(step: Int, url: URL)] {
        let files = try run.numberedPictures(in: Self.folder)
        let spacing = thinnedSpacing(1, upTo: files.count, limit: Self.largestCount)
        return files.enumerated().filter { ($0.offset + 1) % spacing == 0 }.map(\.element)
    }

    private func frame(_ trainer: Trainer) throws -> Panels {
        let samples = try picture(trainer, settings.count)
        let size = FigureSize(520, min(max(samples.size.height, 340), 480))
        let losses = MetricChart.losses.figure(of: try journal.curves(), size: size)
        return Panels([samples, losses], columns: 2)
    }
}
