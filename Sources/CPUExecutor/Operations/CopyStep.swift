package import CKernels
import TensorGraph

/// Elements moved from one layout to another, or zeros where there is no source.
package struct CopyStep: PlannedOperation {
    package struct Box: Sendable {
        package var reference: BufferReference
        package var strides: [Int]
    }

    package var target: Box
    package var source: Box?
    package var extents: [Int]
    package var threads: Int

    package init(to target: Box, from source: Box?, extents: [Int], threads: Int, _ tuning: Tuning)
    {
        let axes = Self.merged(target, source, extents)
        self.target = Box(reference: target.reference, strides: axes.map(\.target))
        self.source = source.map { Box(reference: $0.reference, strides: axes.map(\.source)) }
        self.extents = axes.map(\.extent)
        self.threads = extents.reduce(1, *) < tuning.copyForThreads ? 1 : threads
    }

    package var reads: [BufferReference] { source.map { [$0.reference] } ?? [] }
    package var writes: [BufferReference] { [target.reference] }
    package var rank: Int { extents.count }

    package func bound(
        to addresses: Addresses, _ arguments: inout KernelArguments
    ) -> wk_step {
        var kernel = wk_copy_kernel()
        kernel.target = addresses[target.reference]
        kernel.source = source.map { UnsafePointer(addresses[$0.reference]) }
        withArray(&kernel.target_strides) { $0.fill(target.strides) }
        withArray(&kernel.source_strides) { $0.fill(source?.strides ?? []) }
        withArray(&kernel.extents) { $0.fill(extents) }
        kernel.rank = Int32(extents.count)
        kernel.threads = Int32(threads)
        return wk_step(run: wk_run_copy, context: arguments.keep([kernel]))
    }

    private typealias Axis = (extent: Int, target: Int, source: Int)

    /// Axes of extent 1 dropped, and neighbours merged where both layouts allow it.
    private static func merged(_ target: Box, _ source: Box?, _ extents: [Int]) -> [Axis] {
        var axes: [Axis] = []
        for axis in extents.indices where extents[axis] != 1 {
            let next = (extents[axis], target.strides[axis], source?.strides[axis] ?? 0)
            if let last = axes.last, last.target == next.1 * next.0, last.source == next.2 * next.0
            {
                axes[axes.count - 1] = (last.extent * next.0, next.1, next.2)
            } else {
                axes.append(next)
            }
        }
        return axes.isEmpty ? [(1, 1, 1)] : axes
    }
}

extension CopyStep: OperationKind {
    /// Paddings, concatenations, and reshapes of what is no dense memory.
    static func plan(_ number: Int, in builder: inout PlanBuilder) -> Bool {
        switch builder.values.operation(number) {
        case let pad as Pad: builder.place(pad, number)
        case let concatenate as Concatenate: builder.place(concatenate, number)
        case is ChangeShape: builder.adopt(builder.copied(builder.values.reads(number)[0]), number)
        default: return false
        }
        return true
    }
}

extension PlanBuilder {
    /// A dense copy of a view, made once.
    mutating func copied(_ number: Int) -> BufferReference {
        let (view, shape) = (values.views[number], values.shape(number))
        return shared(StridedCopy(view: view, shape: shape)) { builder in
            let target = builder.allocated(shape.count)
            let source = builder.base(of: view)
            builder.append(
                CopyStep(
                    to: .init(reference: target, strides: shape.strides),
                    from: .init(reference: source, strides: view.strides),
                    extents: shape.dimensions, threads: builder.threads, builder.tuning),
                "copy \(shape)", Cost(bytes: 8 * shape.count))
            return target
        }
    }

    mutating func copy(_ source: BufferReference, to target: BufferReference, count: Int) {
        append(
            CopyStep(
                to: .init(reference: target, strides: [1]),
                from: .init(reference: source, strides: [1]), extents: [count], threads: threads,
                tuning),
            "copy [\(count)]", Cost(bytes: 8 * count))
    }

    /// Writes zeros to all of a result.
    mutating func clear(_ number: Int) {
        let shape = values.shape(number)
        let whole = CopyStep.Box(reference: target(of: number), strides: shape.strides)
        append(
            CopyStep(to: whole, from: nil, extents: shape.dimensions, threads: threads, tuning),
            "clear \(shape)", Cost(bytes: 4 * shape.count))
    }

    fileprivate mutating func place(_ pad: Pad, _ number: Int) {
        let (operand, shape) = (values.reads(number)[0], values.shape(number))
        var target = target(of: number)
        clear(number)
        target.offset = zip(pad.low, shape.strides).map(*).reduce(0, +)
        let strides = zip(pad.interior, shape.strides).map { ($0 + 1) * $1 }
        place(operand, in: target, strides: strides)
    }

    fileprivate mutating func place(_ concatenate: Concatenate, _ number: Int) {
        var target = target(of: number)
        let strides = values.shape(number).strides
        for operand in values.reads(number) {
            place(operand, in: target, strides: strides)
            target.offset += values.shape(operand)[concatenate.axis] * strides[concatenate.axis]
        }
    }

    /// Copies an operand into a box of a larger buffer.
    private mutating func place(_ operand: Int, in target: BufferReference, strides: [Int]) {
        let shape = values.shape(operand)
        guard shape.count > 0 else { return }
        let source =
            values.splats[operand].map {
                CopyStep.Box(reference: filled($0, 1), strides: shape.dimensions.map { _ in 0 })
            }
            ?? CopyStep.Box(
                reference: base(of: values.views[operand]), strides: values.views[operand].strides)
        append(
            CopyStep(
                to: .init(reference: target, strides: strides), from: source,
                extents: shape.dimensions, threads: threads, tuning),
            "place \(shape)", Cost(bytes: 8 * shape.count))
    }
}

/// What dense copies of views are known by.
struct StridedCopy: Hashable { let view: StridedView, shape: Shape }
