import CPUExecutor
import Foundation
import Synchronization

/// Processes that share a program's shards and are threads of one process.
package final class ThreadExchange: ShardExchange {
    package let process: Int
    package var processes: Int { meeting.count }
    private let meeting: Meeting

    private init(_ process: Int, _ meeting: Meeting) {
        (self.process, self.meeting) = (process, meeting)
    }

    /// So many processes that know each other.
    package static func group(of count: Int) -> [ThreadExchange] {
        let meeting = Meeting(count)
        return (0..<count).map { ThreadExchange($0, meeting) }
    }

    /// What `body` gives in each of so many processes at the same time.
    package static func inProcesses<Value: Sendable>(
        _ count: Int, _ body: @escaping @Sendable (ThreadExchange) throws -> Value
    ) throws -> [Value] {
        let results = Mutex([Result<Value, any Error>]())
        let ends = DispatchGroup()
        // All have to run at the same time, so that no pool of threads will do.
        for exchange in group(of: count) {
            ends.enter()
            let thread = Thread {
                let result = Result { try body(exchange) }
                results.withLock { $0.append(result) }
                ends.leave()
            }
            thread.stackSize = 8 << 20
            thread.start()
        }
        ends.wait()
        return try results.withLock { try $0.map { try $0.get() } }
    }

    package func begin(
        sum parts: [UnsafePointer<Float>], count: Int, into target: UnsafeMutablePointer<Float>
    ) -> any Sendable {
        var level = all(parts, count)
        while level.count > 1 {
            level = stride(from: 0, to: level.count, by: 2).map {
                $0 + 1 < level.count ? zip(level[$0], level[$0 + 1]).map(+) : level[$0]
            }
        }
        return Sum(values: level[0], target: target)
    }

    /// A sum that is not there before it is waited for, as with other processes.
    private struct Sum: @unchecked Sendable {
        let values: [Float]
        let target: UnsafeMutablePointer<Float>
    }

    package func wait(_ sum: any Sendable) {
        guard let sum = sum as? Sum else { preconditionFailure("no sum was begun") }
        sum.target.update(from: sum.values, count: sum.values.count)
    }

    package func gather(
        _ parts: [UnsafePointer<Float>], count: Int, into target: UnsafeMutablePointer<Float>
    ) {
        let whole = all(parts, count).flatMap(\.self)
        target.update(from: whole, count: whole.count)
    }

    private func all(_ parts: [UnsafePointer<Float>], _ count: Int) -> [[Float]] {
        meeting.meet(
            process, parts.map { Array(UnsafeBufferPointer(start: $0, count: count)) })
    }
}

/// Where the parts of all processes come together.
private final class Meeting: @unchecked Sendable {
    let count: Int
    private let condition = NSCondition()
    private var parts: [Int: [[Float]]] = [:]
    private var result: [[Float]] = []
    private var leaving = 0

    init(_ count: Int) { self.count = count }

    /// All processes' parts in their order, once all are there.
    func meet(_ process: Int, _ own: [[Float]]) -> [[Float]] {
        condition.lock()
        defer { condition.unlock() }
        while leaving > 0 { condition.wait() }
        parts[process] = own
        if parts.count == count {
            result = parts.sorted { $0.key < $1.key }.flatMap(\.value)
            (parts, leaving) = ([:], count)
            condition.broadcast()
        }
        while leaving == 0 { condition.wait() }
        leaving -= 1
        if leaving == 0 { condition.broadcast() }
        return result
    }
}
