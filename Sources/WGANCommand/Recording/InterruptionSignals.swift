import Dispatch
import Foundation
import Runs
import Synchronization

/// Takes the signals that ask for an end, so that the training can save its state first.
///
/// The first one is noted; another one ends the process at once.
final class InterruptionSignals {
    private let watched: [Int32]
    private let first = FirstSignal()
    private let sources: [any DispatchSourceSignal]

    /// Takes the signals from here on. One that the process was started to ignore stays ignored.
    init() {
        // A signal is watched beside what it does by itself, which therefore has to be nothing.
        watched = [SIGINT, SIGTERM].filter { number in
            let before = signal(number, SIG_IGN)
            return unsafeBitCast(before, to: Int.self) != unsafeBitCast(SIG_IGN, to: Int.self)
        }
        sources = watched.map {
            DispatchSource.makeSignalSource(signal: $0, queue: .global(qos: .userInteractive))
        }
        for (number, source) in zip(watched, sources) {
            source.setEventHandler { [first] in first.receive(number) }
            source.resume()
        }
    }

    deinit {
        for source in sources { source.cancel() }
        for number in watched { signal(number, SIG_DFL) }
    }

    /// The signal that came; nil where none did.
    var received: Int32? { first.number }
}

/// The signal that came first.
private final class FirstSignal: Sendable {
    private let state = Mutex<Int32?>(nil)

    var number: Int32? { state.withLock { $0 } }

    func receive(_ number: Int32) {
        let isSecond = state.withLock { first in
            defer { first = first ?? number }
            return first != nil
        }
        if isSecond { _exit(128 + number) }
    }
}

/// A training that a signal has stopped, with its state saved.
struct Interruption: Error, CustomStringConvertible {
    let signal: Int32
    let step: Int
    let run: RunFolder

    /// What a shell makes of a process that the signal ended.
    var exitCode: Int32 { 128 + signal }

    var description: String {
        "stopped by \(signal == SIGINT ? "an interruption" : "a request to end") and saved at step "
            + "\(step); go on with: wgan resume \(run.url.relativePath)"
    }
}
