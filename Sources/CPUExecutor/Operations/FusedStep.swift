package import CKernels
package import TensorGraph

/// A chain of element-wise operations over one iteration space with the reductions that close it.
package struct FusedStep: PlannedOperation {
    package struct Load: Sendable {
        package var reference: BufferReference
        package var strides: [Int]
        package var register: Int
        package var isDense = false
        package var isPeriodic = false
    }

    package struct Operation: Sendable {
        package var opcode: Int32
        package var target: Int
        package var operands: [Int]
    }

    package struct Store: Sendable {
        package var reference: BufferReference
        package var register: Int
    }

    package struct Reduction: Sendable {
        package var reference: BufferReference
        package var strides: [Int]
        package var count: Int
        package var register: Int
        package var kind: TensorGraph.Reduction
    }

    package var extents: [Int]
    package var loads: [Load]
    package var operations: [Operation]
    package var stores: [Store]
    package var reductions: [Reduction]
    package var registers: Int
    package var threads: Int
    package var tile = 0
    /// Threads begin at multiples of this many elements.
    package var alignment = 1
    /// Threads add to different results, so that they can share the accumulators.
    package var rowsApart = false

    package var count: Int { extents.reduce(1, *) }

    private static let largestTile = Int(WK_MAX_TILE)
    /// Floats in a cache line.
    private static let lineLength = 16

    /// Drops loads that nothing reads, such as the constants of a gate.
    package mutating func dropUnreadLoads() {
        let read = Set(
            operations.flatMap(\.operands) + reductions.map(\.register) + stores.map(\.register))
        loads.removeAll { !read.contains($0.register) }
    }

    /// Merges axes and decides on tiles and threads.
    package mutating func finish(_ tuning: Tuning) {
        mergeAxes()
        let period = markLoads()
        // Tiles of whole lines, so that vectors do not straddle them, where that is not too long.
        let lines = period / greatestCommonDivisor(period, Self.lineLength) * Self.lineLength
        let unit = lines <= Self.largestTile ? lines : period
        tile = unit * (Self.largestTile / unit)
        let work = count * (operations.count + loads.count + reductions.count)
        if work < tuning.chainForThreads { threads = 1 }
        alignment = tile
        guard let row = rowLength, count / max(row, period) >= threads else { return }
        rowsApart = true
        alignment = max(row, period)
    }

    /// Drops axes of extent 1 and merges neighbours wherever all loads and reductions allow it.
    private mutating func mergeAxes() {
        func strides(_ axis: Int) -> [Int] {
            loads.map { $0.strides[axis] } + reductions.map { $0.strides[axis] }
        }
        var kept: [(extent: Int, strides: [Int])] = []
        for axis in extents.indices where extents[axis] != 1 {
            let inner = (extent: extents[axis], strides: strides(axis))
            let outer = kept.last
            if let outer, zip(outer.strides, inner.strides).allSatisfy({ $0 == $1 * inner.extent })
            {
                kept[kept.count - 1] = (outer.extent * inner.extent, inner.strides)
            } else {
                kept.append(inner)
            }
        }
        if kept.isEmpty {
            kept = [(1, Array(repeating: 0, count: loads.count + reductions.count))]
        }
        extents = kept.map(\.extent)
        for index in loads.indices { loads[index].strides = kept.map { $0.strides[index] } }
        for index in reductions.indices {
            reductions[index].strides = kept.map { $0.strides[loads.count + index] }
        }
    }

    /// Marks loads that stand in memory in iteration order, and those that repeat within a tile.
    ///
    /// - Returns: The number of elements after which all repeating loads repeat.
    private mutating func markLoads() -> Int {
        var dense = [Int](repeating: 1, count: extents.count)
        for axis in extents.indices.dropLast().reversed() {
            dense[axis] = dense[axis + 1] * extents[axis + 1]
        }
        var period = 1
        for index in loads.indices {
            let strides = loads[index].strides
            let isScalar = strides.allSatisfy { $0 == 0 }
            if strides == dense, !isScalar {
                loads[index].isDense = true
                continue
            }
            let first = strides.firstIndex { $0 != 0 } ?? extents.count
            let length = extents[first...].reduce(1, *)
            if length <= Self.largestTile {
                loads[index].isPeriodic = true
                period = max(period, length)
            }
        }
        return period
    }

    /// Elements that go into one result where every reduction runs over trailing axes only.
    private var rowLength: Int? {
        var longest = 1
        for reduction in reductions {
            let first = reduction.strides.firstIndex(of: 0) ?? extents.count
            guard first > 0, reduction.strides[first...].allSatisfy({ $0 == 0 }) else { return nil }
            longest = max(longest, extents[first...].reduce(1, *))
        }
        return longest
    }

    /// Whether something that a store in the same place may have overwritten is still read: by an
    /// operation or a reduction after the last one that computes what is stored, or out of step.
    func reads(_ load: Load, after store: Store) -> Bool {
        guard load.isDense else { return true }
        let written = operations.lastIndex { $0.target == store.register } ?? operations.count
        return operations.dropFirst(written + 1).contains { $0.operands.contains(load.register) }
            || reductions.contains { $0.register == load.register }
            || stores.contains { $0.register == load.register }
    }

    package var reads: [BufferReference] { loads.map(\.reference) }
    package var writes: [BufferReference] {
        stores.map(\.reference) + reductions.map(\.reference)
    }
    package var rank: Int { extents.count }

    package func bound(
        to addresses: Addresses, _ arguments: inout KernelArguments
    ) -> wk_step {
        wk_step(run: wk_run_fused, context: kernel(addresses, &arguments))
    }

    /// The kernel by itself, as bands call it.
    func kernel(
        _ addresses: Addresses, _ arguments: inout KernelArguments
    ) -> UnsafeMutablePointer<wk_fused_kernel> {
        let scratch = addresses.threadScratch
        let boundLoads = loads.map { load in
            var result = wk_load()
            result.base = UnsafePointer(addresses[load.reference])
            withArray(&result.strides) { $0.fill(load.strides) }
            result.target = Int32(load.register)
            result.is_dense = load.isDense ? 1 : 0
            result.is_periodic = load.isPeriodic ? 1 : 0
            result.is_local = addresses.isLocal(load.reference) ? 1 : 0
            return result
        }
        let boundOperations = operations.map { operation in
            let operands = operation.operands.map(Int32.init) + [0, 0, 0]
            return wk_operation(
                opcode: operation.opcode, target: Int32(operation.target), a: operands[0],
                b: operands[1], c: operands[2], d: operands[3])
        }
        let boundStores = stores.map { store in
            let base = addresses[store.reference]
            let isRead = zip(boundLoads, loads).contains { bound, load in
                bound.base == UnsafePointer(base) && self.reads(load, after: store)
            }
            return wk_store(
                base: base, source: Int32(store.register), is_deferred: isRead ? 1 : 0,
                is_local: addresses.isLocal(store.reference) ? 1 : 0)
        }
        let boundReductions = self.boundReductions(addresses, scratch.base)
        var kernel = wk_fused_kernel()
        withArray(&kernel.extents) { $0.fill(extents) }
        kernel.count = Int64(count)
        kernel.rank = Int32(extents.count)
        kernel.threads = Int32(threads)
        kernel.tile = Int32(tile)
        kernel.register_stride = Int32(registerStride)
        kernel.registers = Int32(registers)
        kernel.alignment = Int64(alignment)
        kernel.loads_count = Int32(boundLoads.count)
        kernel.operations_count = Int32(boundOperations.count)
        kernel.stores_count = Int32(boundStores.count)
        kernel.reductions_count = Int32(boundReductions.count)
        kernel.loads = UnsafePointer(arguments.keep(boundLoads))
        kernel.operations = UnsafePointer(arguments.keep(boundOperations))
        kernel.stores = UnsafePointer(arguments.keep(boundStores))
        kernel.reductions = UnsafePointer(arguments.keep(boundReductions))
        kernel.rows_apart = rowsApart ? 1 : 0
        kernel.scratch = scratch.base.assumingMemoryBound(to: Float.self)
        kernel.thread_stride = Int64(scratch.stride)
        return arguments.keep([kernel])
    }

    private func boundReductions(
        _ addresses: Addresses, _ scratch: UnsafeMutableRawPointer
    ) -> [wk_reduction] {
        var accumulators = (scratch + registerBytes).assumingMemoryBound(to: Double.self)
        return reductions.map { reduction in
            var result = wk_reduction()
            result.base = addresses[reduction.reference]
            result.accumulators = accumulators
            withArray(&result.strides) { $0.fill(reduction.strides) }
            result.count = Int64(reduction.count)
            result.source = Int32(reduction.register)
            let kind = reduction.kind == .sum ? WK_SUM : WK_MAX
            result.kind = Int32(kind.rawValue)
            accumulators += reduction.count
            return result
        }
    }

    /// Bytes of registers, then of accumulators.
    package var registerBytes: Int { registers * registerStride * 4 }
    /// Floats from one register to the next, whole lines.
    package var registerStride: Int {
        (tile + Self.lineLength - 1) / Self.lineLength * Self.lineLength
    }
    /// Bytes of working memory for each thread. Where threads share the accumulators, those of the
    /// first one are used.
    package var threadScratchBytes: Int {
        registerBytes + reductions.reduce(0) { $0 + 8 * $1.count }
    }
}

private func greatestCommonDivisor(_ a: Int, _ b: Int) -> Int {
    b == 0 ? a : greatestCommonDivisor(b, a % b)
}
