import Foundation

/// Prepares the next batches in a thread of its own while the present one is in use.
///
/// What a batch holds is up to `prepare`, which should be a function of the batch's number: then
/// timing decides only how long somebody waits, never what they get. Batches in order come ready
/// made; any other can be asked for, and those after it follow.
public final class Prefetcher: Sendable {
    private let state: PrefetchState

    /// Starts to prepare batch 0 and those after it.
    ///
    /// - Parameters:
    ///   - batchLength: How many numbers a batch has, 1 or more.
    ///   - depth: How many batches are kept ready, 1 or more.
    ///   - prepare: Writes a batch, given its number; called in the background, one batch at a
    ///     time.
    public init(
        batchLength: Int, depth: Int = 2,
        prepare:
            sending @escaping (
                _ memory: UnsafeMutableBufferPointer<Float>, _ batch: Int
            ) -> Void
    ) {
        let state = PrefetchState(batchLength: batchLength, depth: max(1, depth), prepare: prepare)
        self.state = state
        // The thread holds the state, not the prefetcher, whose end it waits for.
        let thread = Thread { state.work() }
        thread.name = "prefetch"
        thread.start()
    }

    deinit { state.stop() }

    /// Copies a batch into `memory`, which has room for it, as soon as it is ready.
    ///
    /// It may be called from any thread; where several call at a time they take turns.
    public func fill(_ memory: UnsafeMutableBufferPointer<Float>, batch: Int) {
        state.take(batch, into: memory)
    }

    /// How long callers have waited for batches that were not ready, in all.
    public var waited: Duration { state.waited }
}

/// What the thread and its clients share.
///
/// `@unchecked Sendable`: everything is guarded by `condition`, with two exceptions. `prepare` is
/// called by the one thread that runs ``work()``. The memory of a slot that is being filled belongs
/// to that thread until it marks the slot as ready.
private final class PrefetchState: @unchecked Sendable {
    private struct Slot {
        var memory: UnsafeMutableBufferPointer<Float>
        var batch: Int?
        var isReady = false
    }

    private let condition = NSCondition()
    /// Held by the one client whose wish is ``wanted``.
    private let turn = NSLock()
    private let prepare: (UnsafeMutableBufferPointer<Float>, Int) -> Void
    private var slots: [Slot]
    private var wanted = 0
    private var isStopped = false
    private var waiting = Duration.zero

    init(
        batchLength: Int, depth: Int,
        prepare: @escaping (UnsafeMutableBufferPointer<Float>, Int) -> Void
    ) {
        precondition(batchLength > 0, "a batch has at least one number")
        self.prepare = prepare
        slots = (0..<depth).map { _ in
            let memory = UnsafeMutableBufferPointer<Float>.allocate(capacity: batchLength)
            memory.initialize(repeating: 0)
            return Slot(memory: memory)
        }
    }

    deinit {
        for slot in slots { slot.memory.deallocate() }
    }

    var waited: Duration { condition.withLock { waiting } }

    func stop() {
        condition.withLock {
            isStopped = true
            condition.broadcast()
        }
    }

    func take(_ batch: Int, into memory: UnsafeMutableBufferPointer<Float>) {
        turn.lock()
        defer { turn.unlock() }
        condition.lock()
        defer { condition.unlock() }
        let index = waitForSlot(of: batch)
        precondition(memory.count == slots[index].memory.count, "the batch must fit the buffer")
        _ = memory.update(from: slots[index].memory)
        slots[index].batch = nil
        wanted = batch + 1
        condition.broadcast()
    }

    private func waitForSlot(of batch: Int) -> Int {
        wanted = batch
        condition.broadcast()
        var start: ContinuousClock.Instant?
        while true {
            if let index = slots.firstIndex(where: { $0.batch == batch && $0.isReady }) {
                if let start { waiting += .now - start }
                return index
            }
            start = start ?? .now
            condition.wait()
        }
    }

    /// Fills slots until it is stopped.
    func work() {
        condition.lock()
        defer { condition.unlock() }
        while !isStopped {
            guard let (index, batch) = nextTask() else {
                condition.wait()
                continue
            }
            slots[index].batch = batch
            slots[index].isReady = false
            let memory = slots[index].memory
            condition.unlock()
            prepare(memory, batch)
            condition.lock()
            slots[index].isReady = true
            condition.broadcast()
        }
    }

    /// The first wanted batch that no slot has, and a slot whose batch is not wanted.
    private func nextTask() -> (slot: Int, batch: Int)? {
        let window = wanted..<wanted + slots.count
        guard let batch = window.first(where: { batch in !slots.contains { $0.batch == batch } }),
            let slot = slots.firstIndex(where: { $0.batch.map { !window.contains($0) } ?? true })
        else { return nil }
        return (slot, batch)
    }
}
