import Runs
import Synchronization
import WGAN

/// Shows how far the decoding of images is, and prints what is to be known about them.
final class DecodingProgress: Sendable {
    private let isQuiet: Bool
    private let bar = Mutex<ProgressBar?>(nil)

    init(isQuiet: Bool) { self.isQuiet = isQuiet }

    /// What the data is to tell this display.
    var listener: OpeningProgress {
        OpeningProgress(
            update: { done, total in self.update(done, total) },
            note: { sentence in
                self.finish()
                if !self.isQuiet { note(sentence) }
            })
    }

    /// Ends the bar, if there is one.
    func finish() {
        bar.withLock { bar in
            bar?.finish()
            bar = nil
        }
    }

    private func update(_ done: Int, _ total: Int) {
        bar.withLock { [isQuiet] bar in
            if bar == nil { bar = ProgressBar(total: total, isQuiet: isQuiet) }
            bar?.update(iteration: done, fields: ["images decoded"])
        }
    }
}
