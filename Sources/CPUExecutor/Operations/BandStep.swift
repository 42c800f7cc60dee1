package import CKernels
import TensorGraph

/// Chains and thin matrix products over the rows of one batch, done for a few rows at a time.
///
/// What one member writes the next reads from the first cache, and threads meet once for all
/// members instead of once for each.
package struct BandStep: PlannedOperation {
    package enum Member: Sendable {
        case chain(FusedStep)
        /// Rows of the result from rows of the first operand.
        case product(MatrixProductStep)
        /// A product whose terms are rows: each thread has a sum of its own.
        case sum(MatrixProductStep)
    }

    package var rows: Int
    package var members: [Member]
    package var threads: Int
    /// Arrays of which nothing outside the band knows: each thread keeps the rows of one block
    /// only, by buffer at these bytes of its scratch.
    package private(set) var locals: [Int: Int] = [:]

    /// - Parameter local: Arrays that nothing else reads, whose rows each member reads and writes
    ///   one by one, with the elements of a row.
    package init(
        rows: Int, members: [Member], threads: Int, local: [Int: Int], _ tuning: Tuning
    ) {
        (self.rows, self.members, self.threads) = (rows, members, threads)
        (blockElements, fewestRows) = (tuning.blockElements, tuning.fewestBlockRows)
        var lives: [Int: ClosedRange<Int>] = [:]
        for (time, member) in members.enumerated() {
            for reference in member.step.reads + member.step.writes {
                let first = lives[reference.buffer]?.lowerBound ?? time
                lives[reference.buffer] = first...time
            }
        }
        var packing = IntervalPacking()
        for (buffer, width) in local.sorted(by: { ($0.value, $1.key) > ($1.value, $0.key) }) {
            guard let life = lives[buffer] else { continue }
            let offset = packing.place(
                bytes: CacheLine.padded(4 * block * width), during: life)
            locals[buffer] = scratchOffsets.last! + offset
        }
        threadScratchBytes = scratchOffsets.last! + packing.bytes
    }

    /// Elements of an array in a block of rows.
    private let blockElements: Int
    private let fewestRows: Int

    /// Rows that are done at a time.
    package var block: Int {
        let widest = members.map { $0.elements / rows }.max() ?? 1
        return max(blockElements / max(widest, 1), fewestRows)
    }

    /// What members read that none before them has written.
    package var reads: [BufferReference] {
        var (result, written) = ([BufferReference](), Set<Int>())
        for member in members {
            result += member.step.reads.filter { !written.contains($0.buffer) }
            written.formUnion(member.step.writes.map(\.buffer))
        }
        return result
    }

    /// What members write for others than themselves.
    package var writes: [BufferReference] {
        members.flatMap(\.step.writes).filter { locals[$0.buffer] == nil }
    }

    /// Bytes of working memory for each thread.
    package private(set) var threadScratchBytes = 0

    /// Bytes before each member's scratch, and of all together.
    package var scratchOffsets: [Int] {
        members.reduce(into: [0]) { offsets, member in
            offsets.append(offsets.last! + CacheLine.padded(member.scratchBytes))
        }
    }
}

extension BandStep.Member {
    package var step: any PlannedOperation {
        switch self {
        case .chain(let chain): chain
        case .product(let product), .sum(let product): product
        }
    }

    /// Elements of the largest array that has rows.
    fileprivate var elements: Int {
        switch self {
        case .chain(let chain): chain.count
        case .product(let product): product.extents.m * max(product.extents.n, product.extents.k)
        case .sum(let product): product.extents.k * max(product.extents.m, product.extents.n)
        }
    }

    fileprivate var scratchBytes: Int {
        switch self {
        case .chain(let chain): chain.threadScratchBytes
        case .product: 0
        case .sum(let product): 4 * product.extents.m * product.extents.n
        }
    }
}

extension BandStep {
    package func bound(
        to addresses: Addresses, _ arguments: inout KernelArguments
    ) -> wk_step {
        var inside = addresses
        inside.locals = locals
        inside.localBase = addresses.threadScratch.base
        var bound: [wk_band_member] = []
        for (member, offset) in zip(members, scratchOffsets) {
            inside.threadScratch.base = addresses.threadScratch.base + offset
            bound.append(member.bound(rows: rows, to: inside, &arguments))
        }
        let kernel = wk_band_kernel(
            rows: Int64(rows), block: Int64(block),
            thread_stride: Int64(addresses.threadScratch.stride),
            threads: Int32(threads), count: Int32(bound.count),
            members: UnsafePointer(arguments.keep(bound)))
        return wk_step(run: wk_run_band, context: arguments.keep([kernel]))
    }
}

extension BandStep.Member {
    fileprivate func bound(
        rows: Int, to addresses: Addresses, _ arguments: inout KernelArguments
    ) -> wk_band_member {
        var result = wk_band_member()
        switch self {
        case .chain(let chain):
            result.kind = Int32(WK_BAND_CHAIN.rawValue)
            result.chain = UnsafePointer(chain.kernel(addresses, &arguments))
            result.width = Int64(chain.count / rows)
        case .product(let product):
            result.kind = Int32(WK_BAND_PRODUCT.rawValue)
            result.set(product, addresses)
        case .sum(let product):
            result.kind = Int32(WK_BAND_SUM.rawValue)
            result.set(product, addresses)
            result.partials = addresses.threadScratch.base.assumingMemoryBound(to: Float.self)
            result.is_swapped = product.extents.n < product.extents.m ? 1 : 0
        }
        return result
    }
}

extension wk_band_member {
    fileprivate mutating func set(_ product: MatrixProductStep, _ addresses: Addresses) {
        shape = wk_gemm_shape(product)
        if kind == Int32(WK_BAND_SUM.rawValue) { shape.accumulates = 1 }
        a = UnsafePointer(addresses[product.first])
        b = UnsafePointer(addresses[product.second])
        c = addresses[product.target]
        a_is_local = addresses.isLocal(product.first) ? 1 : 0
        b_is_local = addresses.isLocal(product.second) ? 1 : 0
        c_is_local = addresses.isLocal(product.target) ? 1 : 0
        bias = product.rectifiedBias.map { UnsafePointer(addresses[$0]) }
    }
}
