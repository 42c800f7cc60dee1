import Files
import Foundation
import Synchronization
import Testing

@testable import Runs

@Suite("Writing on a thread of its own")
struct BatchWriterTests {
    /// A disk that can be stopped and filled.
    private final class Disk: Sendable {
        let written = Mutex<[Int]>([])
        let isFull = Mutex(false)
        let gate = DispatchSemaphore(value: 0)
        let isStopped: Bool

        init(isStopped: Bool = false) { self.isStopped = isStopped }

        func write(_ batch: [Int]) throws {
            if isStopped { gate.wait() }
            if isFull.withLock({ $0 }) { throw FileFailure(.write, path: "x", reason: .diskFull) }
            written.withLock { $0 += batch }
        }
    }

    private func writer(
        _ disk: Disk, capacity: Int = 100, interval: Double = 3600, patience: Double = 30
    ) -> BatchWriter<Int> {
        BatchWriter(
            to: "x", .init(capacity: capacity, batch: 10, interval: interval, patience: patience)
        ) { try disk.write($0) }
    }

    @Test("All elements are written in order, however many threads wait")
    func order() throws {
        let disk = Disk()
        let writer = writer(disk)
        for number in 0..<5000 { try writer.append(number) }
        try writer.flush()
        #expect(disk.written.withLock { $0 } == Array(0..<5000))
        try writer.append(5000)
        try writer.finish()
        #expect(disk.written.withLock { $0.count } == 5001)
        #expect(throws: BatchFailure.closed(path: "x")) { try writer.append(1) }
    }

    @Test("A few elements are written after a while without being asked for")
    func interval() async throws {
        let disk = Disk()
        let writer = writer(disk, interval: 0.01)
        try writer.append(7)
        while disk.written.withLock({ $0.isEmpty }) { try await Task.sleep(for: .milliseconds(1)) }
        #expect(disk.written.withLock { $0 } == [7])
        try writer.finish()
    }

    @Test("A disk that hangs is an error after a bounded time, and nothing is lost when it goes on")
    func hangingDisk() throws {
        let disk = Disk(isStopped: true)
        let writer = writer(disk, capacity: 20, patience: 0.02)
        var taken: [Int] = []
        var refusals = 0
        while refusals < 2 {
            do {
                try writer.append(taken.count)
                taken.append(taken.count)
            } catch BatchFailure.stalled {
                refusals += 1
            }
        }
        // Those handed to the disk, and as many as may be pending.
        #expect(taken.count <= 40)
        #expect(throws: BatchFailure.stalled(path: "x", seconds: 0.02)) { try writer.flush() }
        for _ in 0..<10 { disk.gate.signal() }
        var isWritten = false
        while !isWritten {
            do {
                try writer.flush()
                isWritten = true
            } catch BatchFailure.stalled {}
        }
        #expect(disk.written.withLock { $0 } == taken)
    }

    @Test("What the disk refuses is thrown by the next calls, and then by every one")
    func refusal() throws {
        let disk = Disk()
        let writer = writer(disk)
        try writer.append(1)
        try writer.flush()
        disk.isFull.withLock { $0 = true }
        try writer.append(2)
        let full = FileFailure(.write, path: "x", reason: .diskFull)
        #expect(throws: full) { try writer.flush() }
        disk.isFull.withLock { $0 = false }
        #expect(throws: full) { try writer.append(3) }
        #expect(throws: full) { try writer.finish() }
        #expect(disk.written.withLock { $0 } == [1])
    }

    @Test("A writer that is dropped still writes what it has")
    func dropped() async throws {
        let disk = Disk()
        do { try writer(disk).append(1) }
        while disk.written.withLock({ $0.isEmpty }) { try await Task.sleep(for: .milliseconds(1)) }
        #expect(disk.written.withLock { $0 } == [1])
    }

    @Test("An element heavier than all that may be pending is taken alone")
    func heavy() throws {
        let disk = Disk()
        let writer = writer(disk, capacity: 20)
        for number in 0..<5 { try writer.append(number, weight: 1000) }
        try writer.finish()
        #expect(disk.written.withLock { $0 } == [0, 1, 2, 3, 4])
    }
}
