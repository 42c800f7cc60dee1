import Foundation
import TensorGraph

/// Has the next batches of a training made by a thread of its own while the present one is in use.
///
/// What a batch holds is a function of its number: timing decides only how long somebody waits,
/// never what they get. Batches in order are there already; any other can be asked for, and those
/// after it follow.
final class Prefetcher: Sendable {
    private let state: PrefetchState

    /// Starts with batch 0 and those after it.
    ///
    /// - Parameters:
    ///   - source: What makes the batches, one at a time.
    ///   - size: Samples in a batch.
    ///   - hasLabels: Whether their class numbers are asked for.
    ///   - depth: How many batches are kept ready, 1 or more.
    init(_ source: any SampleSource, size: Int, hasLabels: Bool, depth: Int = 2) {
        let state = PrefetchState(source, size: size, hasLabels: hasLabels, depth: max(1, depth))
        self.state = state
        // The thread holds the state, not the prefetcher, whose end it waits for.
        let thread = Thread { state.work() }
        thread.name = "prefetch"
        thread.start()
    }

    deinit { state.stop() }

    /// Copies a batch as soon as it is ready.
    ///
    /// It may be called from any thread; where several call at a time they take turns.
    func fill(_ batch: Batch, number: Int) { state.take(number, into: batch) }
}

/// What the thread and its clients share.
///
/// `@unchecked Sendable`: everything is guarded by `condition`, with two exceptions. The source is
/// asked by the one thread that runs ``work()``. The room of a slot that is being filled belongs
/// to that thread until it marks the slot as ready.
private final class PrefetchState: @unchecked Sendable {
    private struct Slot {
        let room: Batch
        var number: Int?
        var isReady = false
    }

    private let condition = NSCondition()
    /// Held by the one client whose wish is ``wanted``.
    private let turn = NSLock()
    private var source: any SampleSource
    private var slots: [Slot]
    private var wanted = 0
    private var isStopped = false

    init(_ source: any SampleSource, size: Int, hasLabels: Bool, depth: Int) {
        self.source = source
        let length = size * source.sampleShape.count
        slots = (0..<depth).map { _ in
            Slot(room: Batch(samples: .zeros(length), labels: hasLabels ? .zeros(size) : nil))
        }
    }

    deinit {
        for slot in slots {
            slot.room.samples.deallocate()
            slot.room.labels?.deallocate()
        }
    }

    func stop() {
        condition.withLock {
            isStopped = true
            condition.broadcast()
        }
    }

    func take(_ number: Int, into batch: Batch) {
        turn.lock()
        defer { turn.unlock() }
        condition.lock()
        defer { condition.unlock() }
        let index = waitForSlot(of: number)
        batch.update(from: slots[index].room)
        slots[index].number = nil
        wanted = number + 1
        condition.broadcast()
    }

    private func waitForSlot(of number: Int) -> Int {
        wanted = number
        condition.broadcast()
        while true {
            if let index = slots.firstIndex(where: { $0.number == number && $0.isReady }) {
                return index
            }
            condition.wait()
        }
    }

    /// Fills slots until it is stopped.
    func work() {
        condition.lock()
        defer { condition.unlock() }
        while !isStopped {
            guard let (index, number) = nextTask() else {
                condition.wait()
                continue
            }
            slots[index].number = number
            slots[index].isReady = false
            let room = slots[index].room
            condition.unlock()
            source.fill(room, number: number)
            condition.lock()
            slots[index].isReady = true
            condition.broadcast()
        }
    }

    /// The first wanted batch that no slot has, and a slot whose batch is not wanted.
    private func nextTask() -> (slot: Int, number: Int)? {
        let window = wanted..<wanted + slots.count
        guard let number = window.first(where: { it in !slots.contains { $0.number == it } }),
            let slot = slots.firstIndex(where: { $0.number.map { !window.contains($0) } ?? true })
        else { return nil }
        return (slot, number)
    }
}

extension UnsafeMutableBufferPointer<Float> {
    fileprivate static func zeros(_ count: Int) -> Self {
        let memory = Self.allocate(capacity: count)
        memory.initialize(repeating: 0)
        return memory
    }
}
