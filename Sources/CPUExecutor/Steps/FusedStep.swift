import CKernels
package import TensorGraph

/// A chain of element-wise operations over one iteration space with the reductions that close it.
package struct FusedStep: Sendable {
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
    /// Work, in elements times operations, below which a second thread costs more than it saves.
    private static let workForThreads = 1 << 17

    /// Drops loads that nothing reads, such as the constants of a gate.
    package mutating func dropUnreadLoads() {
        let read = Set(
            operations.flatMap(\.operands) + reductions.map(\.register) + stores.map(\.register))
        loads.removeAll { !read.contains($0.register) }
    }

    /// Merges axes and decides on tiles and threads.
    package mutating func finish() {
        mergeAxes()
        let period = markLoads()
        // Tiles of whole lines, so that vectors do not straddle them, where that is not too long.
        let lines = period / greatestCommonDivisor(period, Self.lineLength) * Self.lineLength
        let unit = lines <= Self.largestTile ? lines : period
        tile = unit * (Self.largestTile / unit)
        let work = count * (operations.count + loads.count + reductions.count)
        if work < Self.workForThreads { threads = 1 }
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

    /// Bytes of registers, then of accumulators.
    package var registerBytes: Int { registers * registerStride * 4 }
    /// Floats from one register to the next, whole lines.
    package var registerStride: Int {
        (tile + Self.lineLength - 1) / Self.lineLength * Self.lineLength
    }
    /// Bytes of working memory for each thread. Where threads share the accumulators, those of the
    /// first one are used.
    package var scratchBytes: Int { registerBytes + reductions.reduce(0) { $0 + 8 * $1.count } }
}

private func greatestCommonDivisor(_ a: Int, _ b: Int) -> Int {
    b == 0 ? a : greatestCommonDivisor(b, a % b)
}
