import Figures
import Runs
import TensorGraph
import WGAN

/// Draws grids of generated images during training, always of the same latents.
struct ImageGridObserver: TrainingObserver {
    private let settings: OutputConfiguration.Samples?
    private let run: RunFolder

    /// Grids as the settings say; where there are none, only the one at the end.
    init(_ settings: OutputConfiguration.Samples?, in run: RunFolder) {
        (self.settings, self.run) = (settings, run)
    }

    func stepped(_ trainer: Trainer) throws {
        guard let settings, trainer.step % settings.every == 0 else { return }
        try run.write(
            try grid(trainer).pngData(), at: "samples/step-\(padded(trainer.step)).png")
    }

    func ended(_ trainer: Trainer) throws {
        try run.write(try grid(trainer).pngData(), at: "figures/samples.png")
    }

    private func grid(_ trainer: Trainer) throws -> PixelImage {
        let values = try trainer.sample(settings?.count ?? 100, seed: trainer.setup.seed)
        return try imageGrid(
            values, sampleShape: trainer.sampleShape, columns: settings?.columns ?? 10)
    }
}

/// Images `[N, H, W, C]` in −1…1 side by side, small ones enlarged.
func imageGrid(_ values: [Float], sampleShape: Shape, columns: Int) throws -> PixelImage {
    let (height, width, channels) = (sampleShape[0], sampleShape[1], sampleShape[2])
    let images = try stride(from: 0, to: values.count, by: sampleShape.count).map { start in
        try PixelImage(
            values: values[start..<start + sampleShape.count], width: width, height: height,
            channels: channels)
    }
    let upscaling = max(1, 56 / max(height, width))
    return try ImageGrid(images: images, columns: columns, upscaling: upscaling).image
}
