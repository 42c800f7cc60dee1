import Dispatch
import Figures
import Foundation
import Runs
import Synchronization
import WGAN

/// Draws generated points over real ones as a GIF, a frame every so many steps.
final class AnimationObserver: TrainingObserver {
    private let settings: OutputConfiguration.Frames
    private let run: RunFolder
    private let folder: FrameFolder
    private let drawing: FrameDrawing
    /// Frames that the folder does not have yet.
    private var pending: [(step: Int, points: [Float])] = []

    init(_ settings: OutputConfiguration.Frames, _ view: PointView, in run: RunFolder) throws {
        (self.settings, self.run) = (settings, run)
        folder = FrameFolder(in: run)
        drawing = try FrameDrawing(view)
    }

    /// Where the training goes on, the frames so far are drawn again from their points.
    func began(_ trainer: Trainer) throws {
        try folder.restore(upTo: trainer.step) { try drawing.append($1, step: $0) }
    }

    func stepped(_ trainer: Trainer) throws {
        guard trainer.step % settings.every == 0 else { return }
        let generated = try trainer.sample(settings.generated, seed: UInt64(trainer.step))
        pending.append((trainer.step, generated))
        try drawing.append(generated, step: trainer.step)
    }

    func settle(_ trainer: Trainer) throws {
        try folder.write(pending)
        pending = []
    }

    func ended(_ trainer: Trainer) throws {
        guard let gif = try drawing.finish() else { return }
        try run.write(gif, at: "figures/training.gif")
    }
}

/// Draws frames on a thread of their own, so that training does not wait for them.
private final class FrameDrawing: Sendable {
    private struct State {
        var frames = 0
        var failure: FigureError?
    }

    private let animation: ScatterAnimation
    private let queue = DispatchQueue(label: "frames")
    private let state = Mutex(State())
    /// Bounds the points that wait to be drawn.
    private let room = DispatchSemaphore(value: 256)

    init(_ view: PointView) throws {
        animation = try ScatterAnimation(
            over: view.background("Real and generated points, step"),
            moving: .init(opacity: 0.6))
    }

    /// Leaves a frame to the thread.
    ///
    /// - Throws: What an earlier frame failed with.
    func append(_ coordinates: [Float], step: Int) throws {
        if let failure = state.withLock({ $0.failure }) { throw failure }
        let points = points(coordinates)
        room.wait()
        queue.async { [self] in
            defer { room.signal() }
            do throws(FigureError) {
                try animation.append(points, step: step)
                state.withLock { $0.frames += 1 }
            } catch {
                state.withLock { $0.failure = error }
            }
        }
    }

    /// The animation of all frames; nil where there are none.
    func finish() throws -> Data? {
        queue.sync {}
        let (frames, failure) = state.withLock { ($0.frames, $0.failure) }
        if let failure { throw failure }
        return frames > 0 ? try animation.finish() : nil
    }
}
