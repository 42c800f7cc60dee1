import Foundation
import Synchronization

/// Processes that work together by messages: MPI's, or this one alone.
///
/// A thread of the group's own carries work out, first in first out, while the caller computes. All
/// processes ask for the same work in the same order.
///
/// Processes hear of each other about once a second. Where one is silent for too long, dies or says
/// that it has failed, all pending and later calls of the others throw a ``MessagePassingError``.
/// Then only ``abandon(_:)`` is left; memory that was given for sums may still be written to until
/// the process ends.
public final class ProcessGroup: Sendable {
    /// The number of this process, from 0.
    public let rank: Int
    /// How many processes there are.
    public let size: Int
    /// The names of the machines that the processes run on, by rank.
    public let hosts: [String]
    /// The name and version of MPI, such as `Open MPI v4.1.4`; nil for a process that is alone.
    public let library: String?
    private let communicator: Communicator

    /// Work that a group was given.
    public struct Ticket: Sendable {
        let job: Job
    }

    /// What a process has done in its group.
    public struct Counters: Hashable, Sendable {
        /// Sums begun.
        public var sums: Int
        /// Bytes of all messages that this process has sent for sums and for bytes.
        public var bytesSent: Int
    }

    /// Joins the processes that a launcher has started with this one; without one, or with one
    /// process, the group is this process alone and MPI is not touched.
    ///
    /// A process may join once.
    ///
    /// - Parameters:
    ///   - launcher: What the launcher has told this process.
    ///   - patience: Time after which a process that is not heard is given up; seconds at least.
    /// - Throws: ``MessagePassingError`` where MPI or this project's library for it is missing or
    ///   does not fit the launcher, or where the other processes do not come within five minutes.
    public convenience init(
        _ launcher: Launcher? = Launcher(), patience: Duration = .seconds(30)
    ) throws {
        guard let launcher, launcher.size > 1 else {
            try self.init(library: nil, beat: .seconds(1), patience: patience) { NoTransport() }
            return
        }
        let library = try MPILibrary.opened(for: launcher, in: MPILibrary.folders)
        try self.init(
            library: library.version, launcher: launcher, beat: .seconds(1), patience: patience
        ) { MPITransport(library) }
    }

    init(
        library: String?, launcher: Launcher? = nil, beat: Duration, patience: Duration,
        _ transport: sending @escaping () throws -> any Transport
    ) throws {
        let communicator = Communicator(
            beat: beat, patience: max(Int((patience / beat).rounded(.up)), 2))
        communicator.start(transport)
        (rank, size) = try Self.joined(communicator, launcher, library)
        (self.communicator, self.library) = (communicator, library)
        hosts = try Self.hostNames(communicator, rank: rank, size: size)
        communicator.setHosts(hosts)
    }

    deinit { communicator.close() }

    /// Waits for the other processes to come, and sees that they are those of the launcher.
    private static func joined(
        _ communicator: Communicator, _ launcher: Launcher?, _ library: String?
    ) throws -> (Int, Int) {
        let isHere = communicator.wait(atMost: .seconds(300)) {
            communicator.phase != .starting || communicator.failure != nil
        }
        let (phase, failure) = communicator.monitor.withLock {
            (communicator.phase, communicator.failure)
        }
        if let failure { throw failure }
        guard isHere, case .running(let rank, let size) = phase else {
            throw MessagePassingError(
                .setup,
                "the other processes have not come within five minutes; see that one launcher "
                    + "starts all of them")
        }
        if let launcher, (launcher.rank, launcher.size) != (rank, size) {
            let name = library ?? "MPI"
            throw MessagePassingError(
                .setup,
                "the launcher says that this is rank \(launcher.rank) of \(launcher.size), but "
                    + "\(name) says rank \(rank) of \(size): it is not the launcher of this MPI; "
                    + "use the mpirun that belongs to it")
        }
        return (rank, size)
    }

    private static func hostNames(
        _ communicator: Communicator, rank: Int, size: Int
    ) throws -> [String] {
        let own = ProcessInfo.processInfo.hostName
        let exchange = ByteExchange(
            Array(own.utf8), to: peers(of: rank, size), from: peers(of: rank, size))
        try communicator.wait(for: communicator.submit(.exchange(exchange)))
        return (0..<size).map {
            $0 == rank ? own : String(decoding: exchange.received[$0] ?? [], as: UTF8.self)
        }
    }

    private static func peers(of rank: Int, _ size: Int) -> [Int] {
        (1..<max(size, 1)).map { (rank + $0) % size }
    }

    /// What this process has done so far.
    public var counters: Counters {
        Counters(sums: communicator.sums.value, bytesSent: communicator.bytesSent.value)
    }
}

extension ProcessGroup {
    /// Begins to add vectors of all processes, element by element.
    ///
    /// The `shards` vectors are numbered; this process has those from `rank * shards / size` on.
    /// They are added in pairs of neighbours, level by level, an odd last one going up unchanged.
    /// The order depends on `shards` alone: any number of processes gives the same bits.
    ///
    /// - Parameters:
    ///   - parts: This process's vectors, `shards / size` of them, each `[count]`.
    ///   - count: Floats of each vector.
    ///   - result: The sum `[count]`, in every process; it must not overlap the parts.
    ///   - shards: How many vectors all processes have; a multiple of ``size``.
    /// - Returns: What ``wait(_:)`` takes. Until then the memory must stay as it is.
    /// - Complexity: For powers of two, each process sends `2 (size − 1) / size · count` floats.
    public func begin(
        sum parts: [UnsafePointer<Float>], count: Int, into result: UnsafeMutablePointer<Float>,
        shards: Int
    ) -> Ticket {
        precondition(shards > 0 && shards % size == 0, "shards are a multiple of the processes")
        precondition(parts.count == shards / size, "each process has an equal share of the shards")
        precondition(count >= 0)
        return Ticket(
            job: communicator.submit(.sum(parts, count: count, into: result, shards: shards)))
    }

    /// Waits until work is done.
    ///
    /// - Throws: ``MessagePassingError`` where the group has failed.
    public func wait(_ ticket: Ticket) throws { try communicator.wait(for: ticket.job) }

    /// Gives all processes the bytes of rank 0; what the others pass is not looked at.
    ///
    /// - Throws: ``MessagePassingError`` where the group has failed.
    public func broadcast(_ bytes: [UInt8]) throws -> [UInt8] {
        guard rank == 0 else { return try exchange([], to: [], from: [0])[0] ?? [] }
        _ = try exchange(bytes, to: peers, from: [])
        return bytes
    }

    /// Collects the bytes of all processes, of any lengths, at rank 0.
    ///
    /// - Returns: At rank 0 the bytes by rank, and nil elsewhere.
    /// - Throws: ``MessagePassingError`` where the group has failed.
    public func gather(_ bytes: [UInt8]) throws -> [[UInt8]]? {
        guard rank == 0 else {
            _ = try exchange(bytes, to: [0], from: [])
            return nil
        }
        return byRank(bytes, try exchange([], to: [], from: peers))
    }

    /// Gives all processes the bytes of all, of any lengths, by rank.
    ///
    /// - Throws: ``MessagePassingError`` where the group has failed.
    public func allGather(_ bytes: [UInt8]) throws -> [[UInt8]] {
        byRank(bytes, try exchange(bytes, to: peers, from: peers))
    }

    /// Waits until all processes have come here.
    ///
    /// - Throws: ``MessagePassingError`` where the group has failed.
    public func barrier() throws {
        _ = try gather([])
        _ = try broadcast([])
    }

    private var peers: [Int] { Self.peers(of: rank, size) }

    private func exchange(
        _ bytes: [UInt8], to targets: [Int], from senders: [Int]
    ) throws -> [Int: [UInt8]] {
        let exchange = ByteExchange(bytes, to: targets, from: senders)
        try communicator.wait(for: communicator.submit(.exchange(exchange)))
        return exchange.received
    }

    private func byRank(_ own: [UInt8], _ received: [Int: [UInt8]]) -> [[UInt8]] {
        (0..<size).map { $0 == rank ? own : received[$0] ?? [] }
    }
}

extension ProcessGroup {
    /// Asks all processes to stop. When each of them hears of it is not defined: on which step they
    /// stop they must agree by other means, such as ``broadcast(_:)``.
    public func requestStop() { communicator.requestStop() }

    /// Whether this process has heard that one of the group wants all to stop.
    public var isStopRequested: Bool { communicator.isStopRequested.load(ordering: .relaxed) }

    /// Ends the work of all: pending and later calls of every process throw an error with this
    /// message, and with this process's rank. It returns when the others have been told, or after
    /// two seconds.
    ///
    /// - Parameter message: Why, in a few words; it is cut after about 900 bytes.
    public func endAll(_ message: String) {
        communicator.fail(
            MessagePassingError(
                .ended, rank: rank, host: hosts[rank], "rank \(rank) on \(hosts[rank]): \(message)")
        )
        communicator.flush()
    }

    /// Waits until all processes want to leave, and ends MPI's work. It is the last thing that a
    /// process does: launchers may end it when another one has ended.
    ///
    /// When all want to leave, MPI has five seconds to end its work; nothing is lost where it
    /// hangs.
    ///
    /// - Throws: ``MessagePassingError`` where the group has failed.
    public func leave() throws {
        try communicator.wait(for: communicator.submit(.departure))
        _ = communicator.wait(atMost: .seconds(5)) { communicator.phase == .ended }
        if let failure = communicator.monitor.withLock({ communicator.failure }) { throw failure }
    }

    /// Ends this process, and the others of its group, after a failure. It takes a few seconds, in
    /// which the others hear of it and can end by themselves; no call of MPI's can hold it up.
    ///
    /// - Parameter exitCode: The code with which the process ends.
    public func abandon(_ exitCode: Int32) -> Never {
        fflush(nil)
        if size > 1 {
            communicator.fail(
                MessagePassingError(
                    .ended, rank: rank, host: hosts[rank],
                    "rank \(rank) on \(hosts[rank]) has given up"))
            communicator.end(exitCode)
            _ = communicator.wait(atMost: .seconds(5)) { communicator.phase == .ended }
        }
        _exit(exitCode)
    }
}
