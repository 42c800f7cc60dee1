import Files
import Foundation

/// How much may be pending for a thread that writes, and for how long.
struct BatchLimits: Sendable {
    /// The weight that may be pending before a caller has to wait.
    var capacity: Int
    /// The weight at which a batch is written at once.
    var batch: Int
    /// The time in seconds after which a smaller batch is written.
    var interval = 0.25
    /// The longest time in seconds that a caller waits.
    var patience = 30.0
}

/// Hands elements to a thread of its own, which writes them in batches.
///
/// The caller waits only when more is pending than may be, and then for a bounded time. What the
/// thread could not write is thrown by the next call; nothing is written after that.
final class BatchWriter<Element: Sendable>: Sendable {
    private let core: Core

    /// - Parameters:
    ///   - path: What is written to, for errors.
    ///   - limits: How much may be pending, and for how long.
    ///   - write: Writes a batch that is not empty; called on the thread alone.
    init(
        to path: String, _ limits: BatchLimits,
        write: @escaping @Sendable ([Element]) throws -> Void
    ) {
        core = Core(path, limits, write)
        // The thread keeps the core alone, so that this object can go and thereby end it.
        Thread { [core] in core.run() }.start()
    }

    deinit { core.end() }

    /// Leaves an element to the thread.
    ///
    /// - Throws: ``BatchFailure`` when the thread is behind for too long; what `write` threw.
    func append(_ element: Element, weight: Int = 1) throws {
        try core.append(element, weight)
    }

    /// Waits until all elements so far are written.
    ///
    /// - Throws: As for ``append(_:weight:)``.
    func flush() throws { try core.flush() }

    /// Waits until all elements are written, and takes no more.
    ///
    /// - Throws: As for ``append(_:weight:)``.
    func finish() throws {
        defer { core.end() }
        try core.flush()
    }

    // All variables are read and written with `condition` locked.
    private final class Core: @unchecked Sendable {
        private let path: String
        private let limits: BatchLimits
        private let write: @Sendable ([Element]) throws -> Void
        private let condition = NSCondition()
        private var pending: [Element] = []
        private var pendingWeight = 0
        private var taken = 0
        private var written = 0
        private var isHurried = false
        private var isEnding = false
        private var failure: (any Error)?

        init(
            _ path: String, _ limits: BatchLimits,
            _ write: @escaping @Sendable ([Element]) throws -> Void
        ) {
            (self.path, self.limits, self.write) = (path, limits, write)
        }

        func append(_ element: Element, _ weight: Int) throws {
            condition.lock()
            defer { condition.unlock() }
            guard !isEnding else { throw failure ?? BatchFailure.closed(path: path) }
            // A single element may be heavier than all that may be pending.
            try wait { pending.isEmpty || pendingWeight + weight <= limits.capacity }
            pending.append(element)
            taken += 1
            let isBatch = pendingWeight >= limits.batch
            pendingWeight += weight
            if !isBatch && pendingWeight >= limits.batch { condition.broadcast() }
        }

        func flush() throws {
            condition.lock()
            defer { condition.unlock() }
            let target = taken
            isHurried = true
            condition.broadcast()
            try wait { written >= target }
        }

        func end() {
            condition.lock()
            isEnding = true
            condition.broadcast()
            condition.unlock()
        }

        func run() {
            while let batch = nextBatch() {
                if batch.isEmpty { continue }
                let result = Result { try write(batch) }
                condition.lock()
                written += batch.count
                if case .failure(let error) = result {
                    failure = error
                    isEnding = true
                    pending = []
                }
                condition.broadcast()
                condition.unlock()
            }
        }

        /// Waits for a batch; nil when there will be no more.
        private func nextBatch() -> [Element]? {
            condition.lock()
            defer { condition.unlock() }
            let deadline = Date(timeIntervalSinceNow: limits.interval)
            while pendingWeight < limits.batch && !isHurried && !isEnding {
                guard condition.wait(until: deadline) else { break }
            }
            isHurried = false
            if pending.isEmpty && isEnding { return nil }
            let batch = pending
            pending = []
            pending.reserveCapacity(batch.count)
            pendingWeight = 0
            condition.broadcast()
            return batch
        }

        /// Waits with `condition` locked until something holds or the thread has failed.
        private func wait(until holds: () -> Bool) throws {
            let deadline = Date(timeIntervalSinceNow: limits.patience)
            while failure == nil && !holds() {
                guard condition.wait(until: deadline) else {
                    if failure == nil && !holds() {
                        throw BatchFailure.stalled(path: path, seconds: limits.patience)
                    }
                    break
                }
            }
            if let failure { throw failure }
        }
    }
}

/// A file that is written on a thread of its own and takes no more.
package enum BatchFailure: Error, Equatable, Sendable {
    /// Nothing could be handed over for so many seconds.
    case stalled(path: String, seconds: Double)
    /// The writing was ended before.
    case closed(path: String)
}

extension BatchFailure: CustomStringConvertible {
    /// One sentence: what is wrong, where, and what to do.
    package var description: String {
        switch self {
        case .stalled(let path, let seconds):
            "Cannot write \(path.quoted): the disk has not kept up for \(Int(seconds)) seconds; "
                + "check that it responds, or record less often."
        case .closed(let path):
            "Cannot write \(path.quoted): it was closed before; open it again."
        }
    }
}
