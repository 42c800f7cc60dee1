import Synchronization
import WGAN

/// Shows how far the opening of data is, and prints what is to be known about it.
final class DecodingProgress: Sendable {
    private let isQuiet: Bool
    private let bar = Mutex<ProgressBar?>(nil)
    private let checking = Mutex<(work: WorkProgress?, hasEnded: Bool)>((nil, false))

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
        endChecking()
    }

    private func endChecking() {
        checking.withLock { checking in
            checking.work?.finish()
            checking = (nil, true)
        }
    }

    private func checked(_ done: Int, _ total: Int) {
        checking.withLock { checking in
            // Threads may come in any order: the last one is not always the last to be heard.
            guard !checking.hasEnded else { return }
            if checking.work == nil {
                checking.work = WorkProgress(total: total, "files of the data checked")
            }
            checking.work?.update(done)
        }
        if done == total { endChecking() }
    }

    private func decoded(_ done: Int, _ total: Int) {
        bar.withLock { bar in
            if bar == nil { bar = ProgressBar(total: total, isQuiet: false) }
            bar?.update(iteration: done, fields: ["images decoded"])
        }
    }
}
