import Foundation
import Synchronization

/// The communication thread and what it shares with those that give it work.
///
/// One thread makes all of MPI's calls, so the implementations need no locks (the level
/// `MPI_THREAD_FUNNELED`, which each of them has). It is a thread of its own, so that messages move
/// and the group hears of this process while others compute. MPI can only be asked again and again;
/// between two questions the thread sleeps, the longer the longer nothing has happened.
///
/// `@unchecked Sendable`: what several threads use is guarded by the lock or atomic; `Thread` alone
/// has the rest.
final class Communicator: @unchecked Sendable {
    /// What the process is to the group.
    enum Phase: Equatable {
        case starting
        case running(rank: Int, size: Int)
        case ended
    }

    let sums = Counter(), bytesSent = Counter()
    let isStopRequested = Atomic<Bool>(false)
    let beat: Duration
    /// Beats of patience.
    let patience: Int
    let monitor = Monitor()
    /// Grows as long as the thread is not stuck in a call of MPI's.
    let pulse = Atomic<Int>(0)

    // Guarded by the lock.
    private(set) var phase = Phase.starting
    private(set) var failure: MessagePassingError?
    private var jobs: [Job] = []
    private var messages: [ControlMessage] = []
    private var isFlushed = true
    private var hosts: [String] = []
    private var endCode: Int32?
    /// Whether the process wants to leave, and whether nobody has the group any more.
    private var isLeaving = false, isClosed = false

    init(beat: Duration, patience: Int) { (self.beat, self.patience) = (beat, patience) }

    /// Starts the thread, which makes the transport.
    func start(_ transport: sending @escaping () throws -> any Transport) {
        nonisolated(unsafe) let make = transport
        let thread = Thread { [self] in
            do {
                let transport = try make()
                let (rank, size) = try transport.start()
                let link = Link(transport, rank: rank, size: size, bytesSent: bytesSent)
                monitor.withLock {
                    phase = .running(rank: rank, size: size)
                    monitor.broadcast()
                }
                CommunicationLoop(self, link).run()
            } catch let failure as TransportFailure {
                fail(MessagePassingError(.setup, "MPI cannot start: \(failure.words)"))
            } catch let error as MessagePassingError {
                fail(error)
            } catch {
                fail(MessagePassingError(.setup, "MPI cannot start: \(error)"))
            }
            monitor.withLock {
                phase = .ended
                monitor.broadcast()
            }
        }
        thread.start()
    }

    // MARK: For those that give work

    func submit(_ work: Job.Work) -> Job {
        let job = Job(work)
        monitor.withLock {
            precondition(!isLeaving, "the process has left its group")
            if case .departure = work { isLeaving = true }
            jobs.append(job)
            monitor.broadcast()
        }
        return job
    }

    /// Waits for a job.
    ///
    /// - Throws: ``MessagePassingError`` where the group has failed before the job was done.
    func wait(for job: Job) throws {
        try wait(until: { job.isDone })
    }

    /// Waits until something holds, with the lock held, that the thread brings about.
    func wait(until condition: () -> Bool) throws {
        try monitor.withLock {
            var last = pulse.load(ordering: .relaxed)
            var still = 0
            while !condition() {
                if let failure { throw failure }
                if monitor.wait(atMost: beat) { continue }
                let now = pulse.load(ordering: .relaxed)
                (still, last) = (now == last ? still + 1 : 0, now)
                if still > patience { throw stuck() }
            }
        }
    }

    /// With the lock held: MPI does not come back from a call.
    private func stuck() -> MessagePassingError {
        var rank: Int?
        if case .running(let number, _) = phase { rank = number }
        let host = rank.flatMap { $0 < hosts.count ? hosts[$0] : nil }
        let name = rank.map { "rank \($0)" } ?? "this process"
        let error = MessagePassingError(
            .silence, rank: rank, host: host,
            "a call of MPI has not ended for \(beat * patience) in \(name)"
                + (host.map { " on \($0)" } ?? ""))
        failure = failure ?? error
        return error
    }

    /// Waits until something holds, with the lock held; false where it does not in time.
    func wait(atMost limit: Duration, until condition: () -> Bool) -> Bool {
        let end = SuspendingClock.now + limit
        return monitor.withLock {
            while !condition() {
                let rest = end - .now
                guard rest > .zero else { return false }
                _ = monitor.wait(atMost: rest)
            }
            return true
        }
    }

    /// Ends the work of all with an error, unless it has ended already.
    func fail(_ error: MessagePassingError, tellingOthers: Bool = true) {
        monitor.withLock {
            guard failure == nil else { return }
            failure = error
            if tellingOthers { post(.failure(error)) }
            monitor.broadcast()
        }
    }

    func requestStop() {
        isStopRequested.store(true, ordering: .relaxed)
        monitor.withLock {
            post(.stop)
            monitor.broadcast()
        }
    }

    /// Waits until the others have been told what there was to tell, for a short time.
    func flush() {
        _ = wait(atMost: .seconds(2)) { phase == .ended || (messages.isEmpty && isFlushed) }
    }

    /// Has the thread end all processes after it has told them why and left them some time.
    func end(_ code: Int32) {
        monitor.withLock {
            endCode = endCode ?? code
            monitor.broadcast()
        }
    }

    /// Has the thread of a process that is alone, or whose group has failed, end.
    func close() {
        monitor.withLock {
            isClosed = true
            monitor.broadcast()
        }
    }

    /// Makes the machines' names known, for errors.
    func setHosts(_ names: [String]) { monitor.withLock { hosts = names } }

    private func post(_ message: ControlMessage) {
        guard phase != .ended else { return }
        messages.append(message)
        isFlushed = false
    }

    // MARK: For the thread

    /// What the thread has to look at before each step.
    struct Orders {
        var messages: [ControlMessage] = []
        var job: Job?
        var hosts: [String]
        var failed: Bool
        var endCode: Int32?
        var isClosed: Bool
    }

    func orders(wantsJob: Bool) -> Orders {
        pulse.add(1, ordering: .relaxed)
        return monitor.withLock {
            var orders = Orders(
                hosts: hosts, failed: failure != nil, endCode: endCode,
                isClosed: isClosed && jobs.isEmpty)
            swap(&orders.messages, &messages)
            if wantsJob && failure == nil && !jobs.isEmpty { orders.job = jobs.removeFirst() }
            return orders
        }
    }

    func finished(_ job: Job) {
        monitor.withLock {
            job.isDone = true
            monitor.broadcast()
        }
    }

    func told(_ isAllSent: Bool) {
        monitor.withLock {
            guard isAllSent && messages.isEmpty && !isFlushed else { return }
            isFlushed = true
            monitor.broadcast()
        }
    }

    /// Sleeps until there is work, at most so long.
    func rest(_ limit: Duration, wantsJob: Bool) {
        monitor.withLock {
            let hasWork = wantsJob && failure == nil && !jobs.isEmpty
            guard !hasWork && messages.isEmpty else { return }
            _ = monitor.wait(atMost: limit)
        }
    }
}
