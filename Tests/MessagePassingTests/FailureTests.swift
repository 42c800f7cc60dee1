import Foundation
import Testing

@testable import MessagePassing

@Suite("A group that fails")
struct FailureTests {
    private static func error<Outcome>(_ outcome: Result<Outcome, any Error>)
        -> MessagePassingError?
    {
        guard case .failure(let error) = outcome else { return nil }
        return error as? MessagePassingError
    }

    /// Sums until an error ends it.
    private static func sumOn(_ group: ProcessGroup) throws {
        while true { _ = try group.sum(shards: 12, count: 500) }
    }

    @Test("names the process that is not heard any more", arguments: [0, 1, 2])
    func silence(lost: Int) throws {
        let network = MemoryNetwork(size: 3)
        let outcomes = onProcesses(
            3, network: network, beat: .milliseconds(20), patience: .milliseconds(400)
        ) { group in
            _ = try group.sum(shards: 3, count: 5)
            try group.barrier()
            if group.rank == lost { network.cut(lost) }
            try Self.sumOn(group)
        }
        for (rank, outcome) in outcomes.enumerated() {
            let error = try #require(Self.error(outcome))
            #expect(error.cause == .silence)
            // The lost process hears nobody: it misses rank 0, and rank 0 itself any other.
            if rank != lost {
                #expect(error.rank == lost)
                #expect(error.host == ProcessInfo.processInfo.hostName)
                #expect("\(error)".hasPrefix("rank \(lost) on "), "\(error)")
                #expect("\(error)".contains("has not answered for 0.4 seconds"), "\(error)")
            }
        }
    }

    @Test("tells of an error of MPI's everywhere")
    func brokenTransport() throws {
        let network = MemoryNetwork(size: 4)
        let outcomes = onProcesses(4, network: network) { group in
            try group.barrier()
            if group.rank == 2 { network.breakSums(of: 2) }
            try Self.sumOn(group)
        }
        for outcome in outcomes {
            let error = try #require(Self.error(outcome))
            #expect(error.cause == .communication)
            #expect("\(error)".contains("cannot be reached: the cable is out"), "\(error)")
        }
    }

    @Test("does not wait for a call of MPI's that never ends")
    func stuckTransport() throws {
        let network = MemoryNetwork(size: 2)
        let outcomes = onProcesses(
            2, network: network, beat: .milliseconds(20), patience: .milliseconds(400)
        ) { group in
            try group.barrier()
            if group.rank == 1 { network.hold(1) }
            try Self.sumOn(group)
        }
        let (first, second) = (try #require(Self.error(outcomes[0])), Self.error(outcomes[1]))
        #expect((first.cause, first.rank) == (.silence, 1))
        #expect((second?.cause, second?.rank) == (.silence, 1))
        #expect("\(try #require(second))".hasPrefix("a call of MPI has not ended for 0.4 seconds"))
    }

    @Test("throws everywhere what one process said when it ended the work")
    func endAll() throws {
        let outcomes = onProcesses(4) { group in
            try group.barrier()
            if group.rank == 1 { group.endAll("the disk is full") }
            try Self.sumOn(group)
        }
        for outcome in outcomes {
            let error = try #require(Self.error(outcome))
            #expect((error.cause, error.rank) == (.ended, 1))
            #expect("\(error)" == "rank 1 on \(try #require(error.host)): the disk is full")
        }
    }

    @Test("throws at all later calls too")
    func laterCalls() throws {
        let outcomes = onProcesses(2) { group in
            let pending = group.rank == 0 ? UnsafeMutablePointer<Float>.allocate(capacity: 2) : nil
            var ticket: ProcessGroup.Ticket?
            if let pending {
                pending.initialize(repeating: 1, count: 2)
                ticket = group.begin(
                    sum: [UnsafePointer(pending)], count: 1, into: pending + 1, shards: 2)
            }
            // When the others have joined.
            if group.rank == 1 { usleep(200_000) }
            if group.rank == 1 { group.endAll("enough") }
            if let ticket { #expect(throws: MessagePassingError.self) { try group.wait(ticket) } }
            #expect(throws: MessagePassingError.self) { try Self.sumOn(group) }
            #expect(throws: MessagePassingError.self) { try group.broadcast([1]) }
            #expect(throws: MessagePassingError.self) { try group.gather([1]) }
            #expect(throws: MessagePassingError.self) { try group.allGather([1]) }
            #expect(throws: MessagePassingError.self) { try group.barrier() }
            #expect(throws: MessagePassingError.self) { try group.leave() }
        }
        for outcome in outcomes { try outcome.get() }
    }

    @Test("is noticed by those that want to leave")
    func whileLeaving() throws {
        let outcomes = onProcesses(3) { group in
            try group.barrier()
            guard group.rank == 1 else { return try group.leave() }
            usleep(200_000)
            group.endAll("one step too few")
        }
        for rank in [0, 2] {
            let error = try #require(Self.error(outcomes[rank]))
            #expect((error.cause, error.rank) == (.ended, 1))
        }
    }

    @Test("is not one whose processes compute for long")
    func busy() throws {
        let outcomes = onProcesses(
            3, beat: .milliseconds(20), patience: .milliseconds(400)
        ) { group in
            if group.rank == 1 { Thread.sleep(forTimeInterval: 1.2) }
            let sum = try group.sum(shards: 3, count: 5)
            if group.rank == 0 { Thread.sleep(forTimeInterval: 1.2) }
            try group.leave()
            return sum
        }
        for outcome in outcomes { try #expect(outcome.get() == reference(shards: 3, count: 5)) }
    }

    @Test("is not one that is asked to stop, of which all hear", arguments: [0, 1, 2])
    func stop(rank: Int) throws {
        let outcomes = onProcesses(3) { group in
            let before = group.isStopRequested
            try group.barrier()
            if group.rank == rank { group.requestStop() }
            while !group.isStopRequested { usleep(1000) }
            try group.leave()
            return before
        }
        for outcome in outcomes { try #expect(outcome.get() == false) }
    }
}
