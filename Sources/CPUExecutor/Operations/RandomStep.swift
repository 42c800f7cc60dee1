package import CKernels
package import TensorGraph

/// Random numbers written to a buffer.
package struct RandomStep: PlannedOperation {
    package var target: BufferReference
    package var count: Int
    package var kind: RandomKind
    package var stream: UInt32
    /// Whether these are a shard's own numbers of more.
    package var isShards = false

    package var reads: [BufferReference] { [] }
    package var writes: [BufferReference] { [target] }

    package func bound(
        to addresses: Addresses, _ arguments: inout KernelArguments
    ) -> wk_step {
        let kind: wk_random_kind =
            switch kind {
            case .uniform: WK_UNIFORM
            case .normal: WK_NORMAL
            }
        let kernel = wk_random_kernel(
            target: addresses[target], clock: addresses.clock,
            first: isShards ? Int64(addresses.shard * count) : 0, count: Int64(count),
            stream: stream,
            kind: Int32(kind.rawValue))
        return wk_step(run: wk_run_random, context: arguments.keep([kernel]))
    }
}

extension RandomStep: OperationKind {
    static func plan(_ number: Int, in builder: inout PlanBuilder) -> Bool {
        guard let random = builder.values.operation(number) as? RandomNumbers else { return false }
        builder.append(
            RandomStep(
                target: builder.target(of: number), count: builder.values.shape(number).count,
                kind: random.kind, stream: random.stream, isShards: random.isShard), number)
        return true
    }
}
