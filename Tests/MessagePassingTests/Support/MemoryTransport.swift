import Foundation
import Synchronization

@testable import MessagePassing

/// What carries messages between threads that stand for processes, and how it fails.
///
/// A message is copied when it is received, and not before: as MPI does with long ones.
final class MemoryNetwork: @unchecked Sendable {
    struct Route: Hashable {
        let sender: Int, receiver: Int
        let tag: Tag
    }

    final class Message {
        let bytes: UnsafeRawBufferPointer
        var isTaken = false

        init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }
    }

    let size: Int
    fileprivate let lock = NSLock()
    // Guarded by the lock.
    fileprivate var messages: [Route: [Message]] = [:]
    private var deaf: Set<Int> = [], broken: Set<Int> = [], stuck: Set<Int> = []

    init(size: Int) { self.size = size }

    /// Nothing comes from or to a process any more, and no call tells of it.
    func cut(_ rank: Int) { lock.withLock { _ = deaf.insert(rank) } }

    /// All calls of a process that concern sums throw.
    func breakSums(of rank: Int) { lock.withLock { _ = broken.insert(rank) } }

    /// No call of a process comes back.
    func hold(_ rank: Int) { lock.withLock { _ = stuck.insert(rank) } }

    fileprivate func check(_ rank: Int, _ tag: Tag) throws(TransportFailure) {
        while lock.withLock({ stuck.contains(rank) }) { usleep(10_000) }
        if tag == .scatter, lock.withLock({ broken.contains(rank) }) {
            throw TransportFailure(words: "the cable is out")
        }
    }

    fileprivate func reaches(_ route: Route) -> Bool {
        !deaf.contains(route.sender) && !deaf.contains(route.receiver)
    }
}

/// One process's end of a network of threads.
final class MemoryTransport: Transport {
    private struct Pending {
        let route: MemoryNetwork.Route
        /// The message sent, or the memory for one to receive.
        let message: MemoryNetwork.Message?
        let target: UnsafeMutableRawBufferPointer?
    }

    private let network: MemoryNetwork
    private let rank: Int
    private var pending: [Request: Pending] = [:]
    private var last: Request = 0

    init(_ network: MemoryNetwork, rank: Int) { (self.network, self.rank) = (network, rank) }

    func start() -> (rank: Int, size: Int) { (rank, network.size) }

    func send(
        _ bytes: UnsafeRawBufferPointer, to receiver: Int, tag: Tag
    ) throws(TransportFailure) -> Request {
        try network.check(rank, tag)
        let route = MemoryNetwork.Route(sender: rank, receiver: receiver, tag: tag)
        let message = MemoryNetwork.Message(bytes)
        network.lock.withLock { network.messages[route, default: []].append(message) }
        return add(Pending(route: route, message: message, target: nil))
    }

    func receive(
        _ bytes: UnsafeMutableRawBufferPointer, from sender: Int, tag: Tag
    ) throws(TransportFailure) -> Request {
        try network.check(rank, tag)
        let route = MemoryNetwork.Route(sender: sender, receiver: rank, tag: tag)
        return add(Pending(route: route, message: nil, target: bytes))
    }

    func finished(_ request: inout Request) throws(TransportFailure) -> Int? {
        guard let one = pending[request] else { return nil }
        try network.check(rank, one.route.tag)
        let count: Int? = network.lock.withLock {
            if let message = one.message { return message.isTaken ? message.bytes.count : nil }
            guard network.reaches(one.route), let message = network.messages[one.route]?.first
            else { return nil }
            network.messages[one.route]!.removeFirst()
            let count = min(message.bytes.count, one.target!.count)
            one.target!.copyMemory(from: .init(rebasing: message.bytes[..<count]))
            message.isTaken = true
            return message.bytes.count
        }
        if count != nil { pending[request] = nil }
        return count
    }

    func arrived(_ tag: Tag) throws(TransportFailure) -> (rank: Int, count: Int)? {
        try network.check(rank, tag)
        return network.lock.withLock {
            for (route, messages) in network.messages
            where route.receiver == rank && route.tag == tag && network.reaches(route) {
                if let message = messages.first { return (route.sender, message.bytes.count) }
            }
            return nil
        }
    }

    func finish() {}

    func abort(_ code: Int32) {}

    private func add(_ one: Pending) -> Request {
        last += 1
        pending[last] = one
        return last
    }
}

/// Runs what each of several processes does, each on a thread of its own.
///
/// - Returns: What each of them came to, by rank.
func onProcesses<Outcome: Sendable>(
    _ size: Int, network: MemoryNetwork? = nil, beat: Duration = .milliseconds(50),
    patience: Duration = .seconds(20), _ body: @escaping @Sendable (ProcessGroup) throws -> Outcome
) -> [Result<Outcome, any Error>] {
    let network = network ?? MemoryNetwork(size: size)
    let outcomes = Mutex<[Int: Result<Outcome, any Error>]>([:])
    let group = DispatchGroup()
    for rank in 0..<size {
        group.enter()
        Thread.detachNewThread {
            let outcome = Result {
                let group = try ProcessGroup(library: nil, beat: beat, patience: patience) {
                    MemoryTransport(network, rank: rank)
                }
                return try body(group)
            }
            outcomes.withLock { $0[rank] = outcome }
            group.leave()
        }
    }
    group.wait()
    return outcomes.withLock { outcomes in (0..<size).map { outcomes[$0]! } }
}
