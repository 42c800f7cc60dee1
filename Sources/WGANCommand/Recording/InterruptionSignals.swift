import Files
import Foundation
import Runs
import Synchronization
import WGAN

/// The signals that ask this process to end: SIGINT, SIGTERM and SIGHUP.
///
/// The first one ends the process at once, unless a training has a state to save: then it is noted,
/// and only another one ends the process at once.
final class InterruptionSignals: Sendable {
    /// Those of this process.
    static let shared = InterruptionSignals()

    private struct State {
        var first: Int32?
        var firstTime = ContinuousClock.now
        var isHeld = false
        var farewell: (@Sendable (Int32) -> Interruption)?
    }

    private let state = Mutex(State())

    /// Some tell a process of its end twice, as one of a group and by itself: a terminal that is
    /// closed, timeout, programs that pass signals on. Within this time it is one signal.
    private static let echo = Duration.milliseconds(200)

    private init() {}

    /// The signal that came while it was only to be noted; nil where none did.
    var received: Int32? { state.withLock { $0.first } }

    /// What is said where the first signal ends the process at once; nil for nothing.
    var farewell: (@Sendable (Int32) -> Interruption)? {
        get { state.withLock { $0.farewell } }
        set { state.withLock { $0.farewell = newValue } }
    }

    /// Whether the first signal is noted and does not end the process.
    var isHeld: Bool {
        get { state.withLock { $0.isHeld } }
        set { state.withLock { $0.isHeld = newValue } }
    }

    /// Takes these signals from here on, on a thread of its own. To be called before there is
    /// another thread, since threads begin with the blocked signals of those that start them.
    func watch(_ numbers: [Int32]) {
        guard !numbers.isEmpty else { return }
        var blocked = sigset_t()
        sigemptyset(&blocked)
        for number in numbers { sigaddset(&blocked, number) }
        pthread_sigmask(SIG_BLOCK, &blocked, nil)
        Thread.detachNewThread { [self, blocked] in
            var (blocked, number): (sigset_t, Int32) = (blocked, 0)
            while true {
                if sigwait(&blocked, &number) == 0 { receive(number) }
            }
        }
    }

    private func receive(_ number: Int32) {
        let (isNoted, farewell) = state.withLock { state in
            let isFirst = state.first == nil
            if isFirst { (state.first, state.firstTime) = (number, .now) }
            let isSame =
                number == state.first && ContinuousClock.now - state.firstTime < Self.echo
            return ((isFirst || isSame) && state.isHeld, isFirst ? state.farewell : nil)
        }
        if isNoted { return }
        if let farewell { WGANCommand.complain("\(farewell(number))") }
        TemporaryFiles.endProcess(128 + number)
    }
}

/// A training that a signal has stopped, with its state saved.
struct Interruption: Error, CustomStringConvertible {
    let signal: Int32
    let step: Int
    let run: RunFolder
    /// Whether the training is one of several, which go on together.
    private(set) var isOfSweep = false

    init(signal: Int32, step: Int, run: RunFolder) {
        (self.signal, self.step, self.run) = (signal, step, run)
    }

    /// What a shell makes of a process that the signal ended.
    var exitCode: Int32 { 128 + signal }

    /// The same, for a training of a sweep.
    var ofSweep: Interruption {
        var interruption = self
        interruption.isOfSweep = true
        return interruption
    }

    var description: String {
        let remedy =
            isOfSweep ? "start the same sweep again" : "go on with: wgan resume \(path)"
        return "stopped by \(cause) and saved at step \(step)"
            + (isOfSweep ? " of \(path)" : "") + "; \(remedy)"
    }

    private var path: String { run.url.relativePath }

    private var cause: String {
        switch signal {
        case SIGINT: "an interruption"
        case SIGHUP: "the end of its terminal"
        default: "a request to end"
        }
    }
}

/// Lets signals stop a training only where its state can be saved.
struct SignalObserver: TrainingObserver {
    let run: RunFolder
    private var signals: InterruptionSignals { .shared }

    init(_ run: RunFolder) { self.run = run }

    func needsState(of trainer: Trainer, atStep step: Int) -> Bool { false }

    func began(_ trainer: Trainer) { signals.isHeld = true }

    /// From here on everything is saved, and figures alone are missing.
    func ended(_ trainer: Trainer) throws {
        signals.isHeld = false
        if let signal = signals.received {
            throw Interruption(signal: signal, step: trainer.step, run: run)
        }
        signals.farewell = { [run, step = trainer.step] in
            Interruption(signal: $0, step: step, run: run)
        }
    }
}

extension Run {
    /// Trains to the end, which signals may stop, then says what the training came to.
    ///
    /// - Parameters:
    ///   - isQuiet: Whether nothing is shown but what `json` asks for.
    ///   - json: Whether the summary is printed as one JSON object.
    /// - Throws: ``Interruption`` where a signal has stopped it.
    func carryOut(isQuiet: Bool, json: Bool) throws {
        let signals = InterruptionSignals.shared
        defer { (signals.isHeld, signals.farewell) = (false, nil) }
        observers = [SignalObserver(folder)]
        if !isQuiet {
            observers.append(ProgressObserver(total: training?.steps ?? 0))
            note = { say("note: \($0)") }
        }
        shouldStop = { signals.received != nil }
        let summary: RunSummary
        do { summary = try train() } catch let stop as TrainingStopped {
            throw Interruption(signal: signals.received ?? SIGTERM, step: stop.step, run: folder)
        }
        for warning in summary.warnings { note?(warning) }
        if json {
            try printToListener(String(decoding: try summary.json, as: UTF8.self))
        } else if !isQuiet {
            try printToListener(summary)
        }
    }
}
