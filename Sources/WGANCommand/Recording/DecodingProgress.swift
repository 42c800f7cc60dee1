import Synchronization
import WGAN

/// Shows how far the opening of data is, and prints what is to be known about it.
final class DecodingProgress: Sendable {
    private let isQuiet: Bool
    private let bar = Mutex<ProgressBar?>(nil)
    private let checking = Mutex<WorkProgress?>(nil)

    init(isQuiet: Bool) { self.isQuiet = isQuiet }

    /// What the data is to tell this display.
    var listener: OpeningProgress {
        var listener = OpeningProgress()
        guard !isQuiet else { return listener }
        listener.checked = { done, total in self.checked(done, total) }
        listener.decoded = { done, total in self.decoded(done, total) }
        listener.note = { sentence in
            self.finish()
            note(sentence)
        }
        return listener
    }

    /// Ends what is shown.
    func finish() {
        bar.withLock { bar in
            bar?.finish()
            bar = nil
        }
        checking.withLock { checking in
            checking?.finish()
            checking = nil
        }
    }

    private func checked(_ done: Int, _ total: Int) {
        checking.withLock { checking in
            if checking == nil {
                checking = WorkProgress(total: total, "files of the data checked")
            }
            checking?.update(done)
            guard done == total else { return }
            checking?.finish()
            checking = nil
        }
    }

    private func decoded(_ done: Int, _ total: Int) {
        bar.withLock { bar in
            if bar == nil { bar = ProgressBar(total: total, isQuiet: false) }
            bar?.update(iteration: done, fields: ["images decoded"])
        }
    }
}
