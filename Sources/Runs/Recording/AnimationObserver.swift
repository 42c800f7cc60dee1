import Figures
import Files
import Foundation
import WGAN

/// Keeps generated points every so many steps, and draws them over real ones as a GIF at the end.
///
/// Neither memory nor the number of frames grows with the training: points go to the disk, and what
/// an animation of so many steps does not show is removed.
final class AnimationObserver: TrainingObserver {
    private static let path = "figures/training.gif"
    /// The most numbers of points that wait for the disk, and how long one does at most where
    /// another comes: whoever looks on sees them then.
    private static let (mostPending, longestWait) = (1 << 20, Duration.seconds(10))

    private let settings: OutputConfiguration.Frames
    private let view: PointView
    private let run: RunFolder
    private let folder: FrameFolder
    /// Frames that the folder does not have yet.
    private var pending: [FrameFolder.Frame] = []
    private var written = ContinuousClock.now
    /// Steps from one frame of the folder to the next.
    private var spacing: Int

    /// - Parameter note: Is told of frames that are lost.
    init(
        _ settings: OutputConfiguration.Frames, _ view: PointView, in run: RunFolder,
        note: @escaping (String) -> Void
    ) {
        (self.settings, self.view, self.run) = (settings, view, run)
        folder = FrameFolder(in: run, note: note)
        spacing = settings.every
    }

    /// Where the training goes on, later frames than its step are removed.
    func began(_ trainer: Trainer) throws { try thin(trainer) }

    func needsState(of trainer: Trainer, atStep step: Int) -> Bool { isShown(step, after: step) }

    func stepped(_ trainer: Trainer) throws {
        guard isShown(trainer.step, after: trainer.step) else { return }
        let generated = try trainer.sample(settings.generated, seed: UInt64(trainer.step))
        pending.append((trainer.step, generated))
        let isLate = ContinuousClock.now - written > Self.longestWait
        if isLate || pending.count * generated.count > Self.mostPending { try writePending() }
    }

    func settle(_ trainer: Trainer) throws {
        try writePending()
        if settings.spacing(afterSteps: trainer.step) > spacing { try thin(trainer) }
    }

    func ended(_ trainer: Trainer) throws {
        try writePending()
        var mark = AnimationMark(background.svgData)
        try forEachFrame(trainer) { frame in
            frame.points.withUnsafeBytes { mark.add($0, step: frame.step) }
        }
        guard mark.frames > 0, try !run.hasAnimation(mark, at: Self.path) else { return }
        let animation = try ScatterAnimation(over: background, moving: .init(opacity: 0.6))
        let file = try run.writer(at: Self.path)
        try forEachFrame(trainer) { frame in
            try animation.append(points(frame.points), step: frame.step)
            try file.append(animation.encoded())
        }
        try file.append(animation.finish(comment: mark.comment))
        try file.commit()
    }

    private var background: Scatter { view.background("Real and generated points, step") }

    private func isShown(_ step: Int, after steps: Int) -> Bool {
        step % settings.spacing(afterSteps: steps) == 0
    }

    private func writePending() throws {
        try folder.write(pending)
        (pending, written) = ([], .now)
    }

    private func thin(_ trainer: Trainer) throws {
        spacing = settings.spacing(afterSteps: trainer.step)
        try folder.keep(upTo: trainer.step) { isShown($0, after: trainer.step) }
    }

    private func forEachFrame(
        _ trainer: Trainer, _ body: (FrameFolder.Frame) throws -> Void
    ) throws {
        try folder.forEach(where: { isShown($0, after: trainer.step) }, body)
    }
}
