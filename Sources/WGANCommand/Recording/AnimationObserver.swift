import Dispatch
import Figures
import Foundation
import Runs
import Synchronization
import WGAN

/// Draws generated points over real ones as a GIF, a frame every so many steps.
///
/// Frames are drawn on a thread of their own, so that training does not wait for them.
final class AnimationObserver: TrainingObserver, Sendable {
    private let settings: OutputConfiguration.Frames
    private let animation: ScatterAnimation
    private let run: RunFolder
    private let queue = DispatchQueue(label: "frames")
    private let failure = Mutex<FigureError?>(nil)
    /// Bounds the points that wait to be drawn.
    private let room = DispatchSemaphore(value: 256)

    init(_ settings: OutputConfiguration.Frames, _ view: PointView, in run: RunFolder) throws {
        (self.settings, self.run) = (settings, run)
        animation = try ScatterAnimation(
            over: view.background("Real and generated points, step"),
            moving: .init(opacity: 0.6))
    }

    func stepped(_ trainer: Trainer) throws {
        guard trainer.step % settings.every == 0 else { return }
        if let failure = failure.withLock({ $0 }) { throw failure }
        let generated = points(
            try trainer.sample(settings.generated, seed: UInt64(trainer.step)))
        let step = trainer.step
        room.wait()
        queue.async { [self] in
            defer { room.signal() }
            do throws(FigureError) {
                try animation.append(generated, step: step)
            } catch {
                failure.withLock { $0 = error }
            }
        }
    }

    func ended(_ trainer: Trainer) throws {
        queue.sync {}
        if let failure = failure.withLock({ $0 }) { throw failure }
        guard trainer.step >= settings.every else { return }
        try run.write(try animation.finish(), at: "figures/training.gif")
    }
}
