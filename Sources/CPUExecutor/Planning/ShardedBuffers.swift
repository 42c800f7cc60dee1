/// The buffers of a divided program of which each shard has one of its own: those of steps that
/// depend on the shard, and of all that is computed from them, up to where the shards meet.
struct ShardedBuffers {
    private let buffers: Set<Int>

    init(_ steps: [PlannedStep]) {
        var found: Set<Int> = []
        var before = -1
        // A buffer may be cleared by one step before another writes a shard's numbers to it.
        while found.count > before {
            before = found.count
            for planned in steps
            where !(planned.step is CollectiveStep || planned.step is CollectiveEnd) {
                let step = planned.step
                guard step.isShards || step.reads.contains(where: { found.contains($0.buffer) })
                else { continue }
                found.formUnion(step.writes.map(\.buffer))
            }
        }
        buffers = found
    }

    /// Whether each shard has a buffer of this number.
    func contains(_ buffer: Int) -> Bool { buffers.contains(buffer) }

    /// Whether a step is done for each shard.
    func areWritten(by step: any PlannedOperation) -> Bool {
        step.writes.contains { buffers.contains($0.buffer) }
    }
}
