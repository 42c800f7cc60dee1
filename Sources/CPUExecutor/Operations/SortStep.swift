package import CKernels
import TensorGraph

/// Numbers ordered by keys within groups of neighbours.
package struct SortStep: PlannedOperation {
    package var keys: BufferReference
    package var numbers: BufferReference
    package var target: BufferReference
    package var groups: Int
    package var group: Int
    package var isInverse: Bool
    package var threads: Int

    package var reads: [BufferReference] { [keys, numbers] }
    package var writes: [BufferReference] { [target] }

    package func bound(
        to addresses: Addresses, _ arguments: inout KernelArguments
    ) -> wk_step {
        let kernel = wk_sort_kernel(
            keys: addresses[keys], numbers: addresses[numbers], target: addresses[target],
            groups: Int64(groups), group: Int64(group), is_inverse: isInverse ? 1 : 0,
            threads: Int32(threads))
        return wk_step(run: wk_run_sort, context: arguments.keep([kernel]))
    }
}

extension SortStep: OperationKind {
    static func plan(_ number: Int, in builder: inout PlanBuilder) -> Bool {
        guard let arrange = builder.values.operation(number) as? Arrange else { return false }
        precondition(arrange.group <= Int(wk_largest_group), "the kernel's places are so many")
        let operands = builder.values.operands(number)
        let count = builder.values.shape(number).count
        let (keys, numbers) = (builder.dense(operands[0]), builder.dense(operands[1]))
        builder.append(
            SortStep(
                keys: keys, numbers: numbers, target: builder.target(of: number),
                groups: count / arrange.group, group: arrange.group, isInverse: arrange.isInverse,
                threads: count < builder.tuning.copyForThreads ? 1 : builder.threads),
            number)
        return true
    }
}
