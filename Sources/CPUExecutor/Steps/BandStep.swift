import TensorGraph

/// Chains and thin matrix products over the rows of one batch, done for a few rows at a time.
///
/// What one member writes the next reads from the first cache, and threads meet once for all
/// members instead of once for each.
package struct BandStep: Sendable {
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

    /// Elements of an array in a block of rows, a quarter of a small first-level cache.
    private static let blockElements = 4096
    private static let fewestRows = 24

    /// Rows that are done at a time.
    package var block: Int {
        let widest = members.map { $0.elements / rows }.max() ?? 1
        return max(Self.blockElements / max(widest, 1), Self.fewestRows)
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

    package var scratchBytes: Int { scratchOffsets.last! }

    /// Bytes before each member's scratch, and of all together.
    package var scratchOffsets: [Int] {
        members.reduce(into: [0]) { offsets, member in
            offsets.append(offsets.last! + (member.scratchBytes(threads) + 63) / 64 * 64)
        }
    }
}

extension BandStep.Member {
    package var step: Step {
        switch self {
        case .chain(let chain): .fused(chain)
        case .product(let product), .sum(let product): .matrixProduct(product)
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

    fileprivate func scratchBytes(_ threads: Int) -> Int {
        switch self {
        case .chain(let chain): chain.scratchBytes
        case .product: 0
        case .sum(let product): 4 * threads * product.extents.m * product.extents.n
        }
    }
}
