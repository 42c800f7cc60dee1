import Foundation
import Synchronization

/// What the communication thread does until the group ends.
final class CommunicationLoop {
    /// Time that the others have, once told, to end by themselves before all are ended.
    static let grace = Duration.seconds(2)

    private let communicator: Communicator
    private let link: Link
    private let control: ControlChannel
    private let departure = Departure()
    private var heartbeat: Heartbeat
    private var summations: [Int: Summation] = [:]
    private var job: Job?
    private var operation: (any Operation)?
    private var lastControl = SuspendingClock.now
    private var quietSince = SuspendingClock.now

    init(_ communicator: Communicator, _ link: Link) {
        (self.communicator, self.link) = (communicator, link)
        control = ControlChannel(link)
        heartbeat = Heartbeat(
            every: communicator.beat, patience: communicator.patience, rank: link.rank,
            size: link.size)
    }

    func run() {
        var endTime: SuspendingClock.Instant?
        while true {
            let orders = communicator.orders(wantsJob: job == nil)
            link.hosts = orders.hosts
            for message in orders.messages { tell(message) }
            if let new = orders.job { begin(new) }
            let now = SuspendingClock.now
            if let code = orders.endCode {
                endTime = endTime ?? now + Self.grace
                if now >= endTime! { return link.transport.abort(code) }
            }
            // A group that nobody has any more.
            if orders.isClosed && (orders.failed || link.size == 1 && job == nil) { return }
            if step(now, orders.failed) { return }
        }
    }

    /// Goes on with what there is, or sleeps; whether the group has ended.
    private func step(_ now: SuspendingClock.Instant, _ hasFailed: Bool) -> Bool {
        do {
            return try goOn(now, hasFailed)
        } catch let error as MessagePassingError {
            communicator.fail(error)
        } catch {
            let words = (error as? TransportFailure)?.words ?? "\(error)"
            communicator.fail(
                link.error(
                    .communication, about: link.rank, "cannot pass messages: \(words)"))
        }
        communicator.rest(.milliseconds(10), wantsJob: false)
        return false
    }

    private func goOn(_ now: SuspendingClock.Instant, _ hasFailed: Bool) throws -> Bool {
        var progress = Progress.waiting
        if let job, !hasFailed {
            progress = try operation?.advance(link) ?? departure.advance(link, control)
            if progress == .done {
                if case .departure = job.work { return finish(job) }
                (self.job, operation) = (nil, nil)
                communicator.finished(job)
            }
        }
        if link.size > 1, progress == .waiting || now - lastControl > .milliseconds(1) {
            lastControl = now
            try attend(now, hasFailed)
        }
        if progress != .waiting {
            quietSince = .now
        } else if job != nil && !hasFailed {
            pause(.now - quietSince)
        } else {
            let rest = min((.now - quietSince) / 8, .milliseconds(50))
            communicator.rest(max(rest, .microseconds(100)), wantsJob: job == nil)
        }
        return false
    }

    private func begin(_ job: Job) {
        self.job = job
        switch job.work {
        case .sum(let parts, let count, let result, let shards):
            let summation =
                summations[shards] ?? Summation(shards: shards, rank: link.rank, size: link.size)
            summations[shards] = summation
            summation.restart(parts, into: result, count: count)
            communicator.sums.add(1)
            operation = summation
        case .exchange(let exchange): operation = exchange
        case .departure: operation = nil
        }
    }

    /// All have agreed to leave. No call of the transport follows its end, not after an error.
    private func finish(_ job: Job) -> Bool {
        communicator.finished(job)
        do { try link.transport.finish() } catch {
            communicator.fail(
                link.error(
                    .communication, about: link.rank, "cannot leave: \(error.words)"),
                tellingOthers: false)
        }
        return true
    }

    /// A message of this process to the group.
    private func tell(_ message: ControlMessage) {
        // Rank 0 passes a stop on: it comes before its other messages then.
        if case .stop = message, link.rank != 0 { return control.send(message, to: 0) }
        for peer in link.peers { control.send(message, to: peer) }
    }

    /// Hears the others, and lets them hear this process.
    private func attend(_ now: SuspendingClock.Instant, _ hasFailed: Bool) throws {
        while let (sender, message) = try control.next() {
            heartbeat.hear(sender)
            departure.take(message)
            switch message {
            case .failure(let error): communicator.fail(error, tellingOthers: false)
            case .stop:
                communicator.isStopRequested.store(true, ordering: .relaxed)
                if link.rank == 0 {
                    for peer in link.peers where peer != sender { control.send(.stop, to: peer) }
                }
            case .beat, .leaving, .release, .farewell: break
            }
        }
        communicator.told(control.isFlushed)
        guard !departure.isSilent && !hasFailed else { return }
        for peer in heartbeat.due(now) { control.send(.beat, to: peer) }
        if let silent = heartbeat.silent {
            throw link.error(
                .silence, about: silent,
                "has not answered for \(communicator.beat * communicator.patience)")
        }
    }

    /// Waits for other processes: at first the processor is only offered to them, then this thread
    /// sleeps an eighth of the time that has gone by, a millisecond at most.
    private func pause(_ quiet: Duration) {
        guard quiet > .microseconds(30) else {
            sched_yield()
            return
        }
        let sleep = min(max(quiet / 8, .microseconds(10)), .milliseconds(1))
        usleep(UInt32(sleep.components.attoseconds / 1_000_000_000_000))
    }
}
