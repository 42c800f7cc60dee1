import Dispatch
import Runs
import Synchronization
import WGAN

/// Shows how far a piece of work is that may take long, and nothing where it does not.
///
/// On a terminal the bar is there after two seconds and goes when the work ends. Elsewhere lines
/// are written as ``ProgressBar`` does, but none at the end: that is where the result comes.
final class WorkProgress: Sendable {
    private struct State {
        let bar: ProgressBar
        var done = 0
        var text: String
        /// Shows that the work is alive where a single part takes long.
        let clock: any DispatchSourceTimer
    }

    private let state: Mutex<State>
    private let start = ContinuousClock.now
    private static let delay = Duration.seconds(2)
    private let isTerminal: Bool

    /// - Parameters:
    ///   - total: How much there is to do, in any unit.
    ///   - text: What is done first.
    init(total: Int, _ text: String, output: any ProgressOutput = StandardError()) {
        let bar = ProgressBar(total: max(1, total), output: output)
        state = Mutex(State(bar: bar, text: text, clock: DispatchSource.makeTimerSource()))
        isTerminal = output.isTerminal
        state.withLock { state in
            state.clock.setEventHandler { [weak self] in self?.show() }
            state.clock.schedule(deadline: .now() + .seconds(1), repeating: .seconds(1))
            state.clock.activate()
        }
    }

    /// Says how much is done, and what comes next.
    func update(_ done: Int, _ text: String? = nil) {
        state.withLock { state in
            state.done = done
            state.text = text ?? state.text
        }
        show()
    }

    /// Writes a note above the bar.
    func note(_ text: String) {
        state.withLock { $0.bar.note("note: \(text)") }
    }

    /// Ends the display.
    func finish() {
        state.withLock { state in
            state.clock.cancel()
            if isTerminal { state.bar.finish() }
        }
    }

    private func show() {
        guard ContinuousClock.now - start >= Self.delay else { return }
        state.withLock { state in
            state.bar.update(iteration: state.done, fields: [state.text])
        }
    }
}

/// A part of a piece of work, which knows how far it is itself alone.
struct PartProgress: Sendable {
    let work: WorkProgress
    /// What is done before it, and with it, in the unit of the whole.
    let range: Range<Int>
    /// What all texts begin with.
    var prefix = ""

    /// Says which share of the part is done, 0…1, and what comes next.
    func callAsFunction(_ share: Double, _ text: String) {
        work.update(range.lowerBound + Int(share * Double(range.count)), prefix + text)
    }

    /// Writes a note above the display.
    func note(_ text: String) { work.note(text) }

    /// What is told while data is opened, as the first nine tenths of the part.
    var decoding: OpeningProgress {
        var listener = OpeningProgress()
        listener.decoded = { done, total in
            self(0.9 * Double(done) / Double(max(total, 1)), "decoding images")
        }
        listener.note = { note($0) }
        return listener
    }
}

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
