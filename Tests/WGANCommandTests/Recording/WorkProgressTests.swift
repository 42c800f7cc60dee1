import Foundation
import Runs
import Synchronization
import Testing

@testable import WGANCommand

@Suite("Progress of work that may take long")
struct WorkProgressTests {
    /// A terminal that remembers what was written.
    private final class Terminal: ProgressOutput {
        let isTerminal: Bool
        let width = 100
        private let text = Mutex("")

        init(isTerminal: Bool) { self.isTerminal = isTerminal }

        var written: String { text.withLock { $0 } }
        func write(_ piece: String) { text.withLock { $0 += piece } }
    }

    @Test("short work says nothing")
    func short() {
        for isTerminal in [true, false] {
            let terminal = Terminal(isTerminal: isTerminal)
            let work = WorkProgress(total: 10, "counting", output: terminal)
            for done in 0...10 { work.update(done) }
            work.finish()
            #expect(!terminal.written.contains("counting"))
        }
    }

    @Test("after two seconds it says how far it is and what is done, without being told anew")
    func long() async throws {
        let terminals = [Terminal(isTerminal: true), Terminal(isTerminal: false)]
        let works = terminals.map { WorkProgress(total: 10, "reading", output: $0) }
        for work in works { work.update(4, "counting") }
        try await wait { terminals.allSatisfy { $0.written.contains("counting") } }
        for (terminal, work) in zip(terminals, works) {
            #expect(terminal.written.contains("4/10") && terminal.written.contains("40%"))
            work.note("a word")
            #expect(terminal.written.contains("note: a word"))
            work.finish()
        }
    }

    @Test("a part counts within its range of the whole")
    func parts() async throws {
        let terminal = Terminal(isTerminal: true)
        let work = WorkProgress(total: 200, "beginning", output: terminal)
        PartProgress(work: work, range: 100..<200, prefix: "seed 2: ")(0.5, "counting")
        try await wait { terminal.written.contains("seed 2: counting") }
        #expect(terminal.written.contains("150/200"))
        work.finish()
    }

    /// Waits, up to a minute, until `isTrue`.
    private func wait(until isTrue: () -> Bool) async throws {
        let end = ContinuousClock.now + .seconds(60)
        while !isTrue(), ContinuousClock.now < end { try await Task.sleep(for: .milliseconds(50)) }
        #expect(isTrue())
    }
}
