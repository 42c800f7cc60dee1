import Testing

@testable import MessagePassing

@Suite("Sums over processes")
struct SumTests {
    @Test(
        "have the bits of the tree, whatever the number of processes", arguments: 1...12)
    func bits(shards: Int) throws {
        let counts = [0, 1, 5, 1000, 4099]
        let expected = counts.map { reference(shards: shards, count: $0) }
        for size in 1...shards where shards % size == 0 {
            let outcomes = onProcesses(size) { group in
                try counts.map { try group.sum(shards: shards, count: $0) }
            }
            for outcome in outcomes { try #expect(outcome.get() == expected, "\(size)") }
        }
    }

    @Test("of several pieces have them too", arguments: [1, 2, 3, 6])
    func pieces(size: Int) throws {
        let count = 6 * Summation.piece * size / 4 + 17
        let expected = reference(shards: 6, count: count)
        for outcome in onProcesses(size, { try $0.sum(shards: 6, count: count) }) {
            try #expect(outcome.get() == expected)
        }
    }

    @Test("send 2 (P − 1) / P of the vector for powers of two", arguments: [1, 2, 4, 8])
    func bytes(size: Int) throws {
        let count = 8 * 3001
        let outcomes = onProcesses(size) { group in
            let before = group.counters
            _ = try group.sum(shards: 8, count: count)
            let after = group.counters
            return (after.sums - before.sums, after.bytesSent - before.bytesSent)
        }
        for outcome in outcomes {
            try #expect(outcome.get() == (1, 2 * (size - 1) * count * 4 / size))
        }
    }

    @Test("are worked off in order while the caller goes on")
    func order() throws {
        let outcomes = onProcesses(2) { group in
            let parts = (0..<4).map { _ in UnsafeMutablePointer<Float>.allocate(capacity: 9) }
            for (index, part) in parts.enumerated() {
                part.initialize(repeating: Float(index + group.rank), count: 9)
            }
            let results = parts.map { _ in UnsafeMutablePointer<Float>.allocate(capacity: 9) }
            let tickets = zip(parts, results).map {
                group.begin(sum: [UnsafePointer($0)], count: 9, into: $1, shards: 2)
            }
            for ticket in tickets.reversed() { try group.wait(ticket) }
            defer { for memory in parts + results { memory.deallocate() } }
            return results.map { $0[8] }
        }
        for outcome in outcomes { try #expect(outcome.get() == [1, 3, 5, 7]) }
    }

    @Test("of different sizes are an error that says so")
    func differentSizes() {
        let outcomes = onProcesses(2) { group in
            try group.sum(shards: 2, count: group.rank == 0 ? 10 : 20)
        }
        for outcome in outcomes {
            let words =
                "sent (40|20|80) bytes where .* were expected: the processes do not carry "
                + "out the same work"
            #expect(throws: MessagePassingError.self) { try outcome.get() }
            guard case .failure(let error) = outcome else { continue }
            #expect("\(error)".contains(try! Regex(words)), "\(error)")
        }
    }
}
