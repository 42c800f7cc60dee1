import Testing

@testable import MessagePassing

@Suite("Bytes between processes")
struct ByteTests {
    private static func bytes(_ rank: Int, _ count: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 7 &+ rank) }
    }

    /// Of one piece, of several and none.
    private static let counts = [0, 1, 3 * ByteExchange.piece + 5, ByteExchange.piece]

    @Test("are those of rank 0 in all after a broadcast", arguments: 1...4)
    func broadcast(size: Int) throws {
        let outcomes = onProcesses(size) { group in
            try Self.counts.map { try group.broadcast(group.rank == 0 ? Self.bytes(9, $0) : [1]) }
        }
        for outcome in outcomes {
            try #expect(outcome.get() == Self.counts.map { Self.bytes(9, $0) })
        }
    }

    @Test("of different lengths are gathered", arguments: 1...4)
    func gather(size: Int) throws {
        let expected = (0..<size).map { Self.bytes($0, Self.counts[$0]) }
        let outcomes = onProcesses(size) { group in
            let own = Self.bytes(group.rank, Self.counts[group.rank])
            return (try group.gather(own), try group.allGather(own))
        }
        for (rank, outcome) in outcomes.enumerated() {
            let (atRoot, everywhere) = try outcome.get()
            #expect(atRoot == (rank == 0 ? expected : nil))
            #expect(everywhere == expected)
        }
    }

    @Test("are not needed to wait for all", arguments: 1...4)
    func barrier(size: Int) throws {
        let outcomes = onProcesses(size) { group in
            for _ in 0..<20 { try group.barrier() }
            try group.leave()
        }
        for outcome in outcomes { try outcome.get() }
    }

    @Test("of a failure keep its cause, its rank and its machine")
    func controlMessages() throws {
        let errors = [
            MessagePassingError(.ended, rank: 3, host: "node7", "rank 3 on node7: no room"),
            MessagePassingError(.setup, "ü"),
        ]
        for error in errors {
            guard case .failure(let read) = ControlMessage(ControlMessage.failure(error).bytes)
            else {
                Issue.record("no failure")
                continue
            }
            #expect(read == error)
        }
        let long = MessagePassingError(.ended, rank: 0, String(repeating: "ü", count: 5000))
        let bytes = ControlMessage.failure(long).bytes
        #expect(bytes.count == ControlMessage.limit)
        #expect(ControlMessage(bytes) != nil)
        for damaged in [[], [0], [6], [6, 9, 0, 0, 0, 0, 0], [6, 0, 0, 0, 0, 0, 9]] as [[UInt8]] {
            #expect(ControlMessage(damaged) == nil)
        }
    }
}
