package import Figures
package import TensorGraph
import WGAN

/// Draws grids of generated images during training, of the same latents in every run.
struct ImageGridObserver: TrainingObserver {
    private let settings: OutputConfiguration.Samples?
    private let run: RunFolder
    private let journal: RunJournal

    /// Grids as the settings say; where there are none, only the one at the end.
    init(_ settings: OutputConfiguration.Samples?, in run: RunFolder, _ journal: RunJournal) {
        (self.settings, self.run, self.journal) = (settings, run, journal)
    }

    func began(_ trainer: Trainer) throws {
        try run.removePictures(in: "samples", after: trainer.step)
    }

    func needsState(of trainer: Trainer, atStep step: Int) -> Bool {
        settings.map { trainer.isDue($0.interval, atStep: step) } ?? false
    }

    func stepped(_ trainer: Trainer) throws {
        guard let settings, trainer.isDue(settings.interval) else { return }
        try journal.keep(samples: try grid(trainer).pngData(), step: trainer.step)
    }

    func ended(_ trainer: Trainer) throws {
        let png = PNGText.adding(WeightsStamp(trainer).texts, to: try grid(trainer).pngData())
        try run.write(png, at: "figures/samples.png")
    }

    private func grid(_ trainer: Trainer) throws -> PixelImage {
        let values = try trainer.sample(settings?.count ?? 100)
        return try imageGrid(
            values, sampleShape: trainer.sampleShape, columns: settings?.columns ?? 10,
            classes: trainer.setup.condition?.classes)
    }
}

/// More classes than this have no row of their own in a picture, which would be a ribbon.
private let mostRows = 100

/// Images `[N, H, W, C]` in −1…1 side by side, small ones enlarged.
///
/// - Parameters:
///   - columns: Images in a row, unless each class has its own.
///   - classes: Where the images' classes follow each other again and again, how many there are:
///     each has a row of several images then, unless they are more than a hundred.
package func imageGrid(
    _ values: [Float], sampleShape: Shape, columns: Int, classes: Int? = nil
) throws -> PixelImage {
    try imageFigure("", values, sampleShape: sampleShape, columns: columns, classes: classes).image
}

/// The same under a title.
func imageFigure(
    _ title: String, _ values: [Float], sampleShape: Shape, columns: Int, classes: Int? = nil
) throws -> ImageGrid {
    let (height, width, channels) = (sampleShape[0], sampleShape[1], sampleShape[2])
    let images = try stride(from: 0, to: values.count, by: sampleShape.count).map { start in
        try PixelImage(
            values: values[start..<start + sampleShape.count], width: width, height: height,
            channels: channels)
    }
    let upscaling = max(1, 56 / max(height, width))
    guard let classes, classes <= mostRows, images.count > classes else {
        return try ImageGrid(title, images: images, columns: columns, upscaling: upscaling)
    }
    let places = (images.count + classes - 1) / classes
    let blank = try PixelImage(
        bytes: [UInt8](repeating: ImageGrid.background, count: sampleShape.count), width: width,
        height: height, channels: channels)
    let rows = (0..<classes * places).map { cell in
        let index = cell % places * classes + cell / places
        return index < images.count ? images[index] : blank
    }
    return try ImageGrid(title, images: rows, columns: places, upscaling: upscaling)
}
