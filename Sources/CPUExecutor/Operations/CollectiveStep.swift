package import CKernels
import TensorGraph

/// What all shards' values of a buffer come to; of a sum by several processes the beginning, which
/// a ``CollectiveEnd`` follows.
package struct CollectiveStep: PlannedOperation {
    enum Kind {
        /// Their sum, in the fixed tree of ``AllReduce``.
        case sum
        /// All of them, one after the other.
        case gather
    }

    var kind: Kind
    /// The buffer of each shard.
    var source: BufferReference
    var target: BufferReference
    /// Numbers in a shard's buffer.
    var count: Int
    var shards: Int
    var threads: Int

    package var reads: [BufferReference] { [source] }
    package var writes: [BufferReference] { [target] }

    package func bound(
        to addresses: Addresses, _ arguments: inout KernelArguments
    ) -> wk_step {
        let parts = addresses.ofAllShards(source)
        if let exchange = addresses.exchange {
            let call = ExchangeCall(step: self, parts: parts, target: addresses[target], exchange)
            return wk_step(
                run: { Unmanaged<ExchangeCall>.fromOpaque($0!).takeUnretainedValue().run() },
                context: arguments.keep(call, for: target.buffer))
        }
        switch kind {
        case .sum:
            let kernel = wk_tree_sum_kernel(
                parts: UnsafePointer(arguments.keep(parts.map { Optional($0) })),
                count_of_parts: Int32(shards), count: Int64(count), target: addresses[target],
                threads: Int32(threads))
            return wk_step(run: wk_run_tree_sum, context: arguments.keep([kernel]))
        case .gather:
            let kernel = wk_gather_kernel(
                parts: UnsafePointer(arguments.keep(parts.map { Optional($0) })),
                count_of_parts: Int32(shards), count: Int64(count), target: addresses[target])
            return wk_step(run: wk_run_gather, context: arguments.keep([kernel]))
        }
    }
}

extension CollectiveStep: OperationKind {
    static func plan(_ number: Int, in builder: inout PlanBuilder) -> Bool {
        guard let collective = builder.values.operation(number) as? any Collective else {
            return false
        }
        let operand = builder.values.reads(number)[0]
        let count = builder.values.shape(operand).count
        let source = builder.dense(operand)
        builder.append(
            CollectiveStep(
                kind: collective is AllReduce ? .sum : .gather, source: source,
                target: builder.target(of: number), count: count, shards: collective.shards,
                threads: count < builder.tuning.copyForThreads ? 1 : builder.threads), number)
        return true
    }
}

/// The end of a sum by several processes: what comes between is computed meanwhile.
struct CollectiveEnd: PlannedOperation {
    let sum: CollectiveStep

    var reads: [BufferReference] { sum.reads }
    var writes: [BufferReference] { sum.writes }

    func bound(
        to addresses: Addresses, _ arguments: inout KernelArguments
    ) -> wk_step {
        guard let call = arguments.calls[sum.target.buffer] else {
            return wk_step(run: { _ in 0 }, context: nil)
        }
        return wk_step(
            run: { Unmanaged<ExchangeCall>.fromOpaque($0!).takeUnretainedValue().finish() },
            context: Unmanaged.passUnretained(call).toOpaque())
    }

    /// Steps with the end of each sum before the first one that needs it.
    static func inserted(in steps: [PlannedStep]) -> [PlannedStep] {
        var open: [CollectiveStep] = []
        var result: [PlannedStep] = []
        func end(_ sums: [CollectiveStep]) {
            result += sums.map {
                PlannedStep(step: CollectiveEnd(sum: $0), label: "end of a sum", cost: Cost())
            }
        }
        for planned in steps {
            let touched = Set((planned.step.reads + planned.step.writes).map(\.buffer))
            end(open.filter { touched.contains($0.target.buffer) })
            open.removeAll { touched.contains($0.target.buffer) }
            result.append(planned)
            if let sum = planned.step as? CollectiveStep, sum.kind == .sum { open.append(sum) }
        }
        end(open)
        return result
    }
}

/// A shard's own part of a buffer that all shards share.
package struct ShardSliceStep: PlannedOperation {
    var copy: CopyStep
    /// Numbers from one shard's part to the next one's.
    var stride: Int

    package var reads: [BufferReference] { copy.reads }
    package var writes: [BufferReference] { copy.writes }
    package var rank: Int { copy.rank }
    package var isShards: Bool { true }

    package func bound(
        to addresses: Addresses, _ arguments: inout KernelArguments
    ) -> wk_step {
        var copy = copy
        copy.source?.reference.offset += addresses.shard * stride
        return copy.bound(to: addresses, &arguments)
    }
}

extension ShardSliceStep: OperationKind {
    static func plan(_ number: Int, in builder: inout PlanBuilder) -> Bool {
        guard let slice = builder.values.operation(number) as? ShardSlice else { return false }
        let (operand, shape) = (builder.values.reads(number)[0], builder.values.shape(number))
        let whole = builder.values.shape(operand)
        let target = CopyStep.Box(reference: builder.target(of: number), strides: shape.strides)
        let view = builder.values.views[operand]
        let source =
            builder.values.splats[operand].map {
                CopyStep.Box(
                    reference: builder.filled($0, whole.count), strides: whole.strides)
            } ?? CopyStep.Box(reference: builder.base(of: view), strides: view.strides)
        builder.append(
            ShardSliceStep(
                copy: CopyStep(
                    to: target, from: source, extents: shape.dimensions, threads: builder.threads,
                    builder.tuning),
                stride: source.strides[slice.axis] * shape[slice.axis]), number)
        return true
    }
}
