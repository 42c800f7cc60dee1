import Dispatch
import Foundation

/// Work on consecutive blocks of indices by all processors.
enum Parallel {
    /// Calls `body` once for each block of `size` indices of 0..<count, the last one shorter.
    ///
    /// The blocks do not depend on the number of processors, so sums by block do not either.
    ///
    /// - Parameter body: Receives the number of the block and its indices, on any thread; it must
    ///   write to nothing that another block uses.
    static func forEachBlock(
        of count: Int, size: Int, _ body: @Sendable (_ block: Int, _ indices: Range<Int>) -> Void
    ) {
        let blocks = blockCount(count, size: size)
        // One block is not worth the way through the queue.
        if blocks == 1 { return body(0, 0..<count) }
        DispatchQueue.concurrentPerform(iterations: blocks) { block in
            body(block, block * size..<min(count, (block + 1) * size))
        }
    }

    /// How many blocks ``forEachBlock(of:size:_:)`` makes.
    static func blockCount(_ count: Int, size: Int) -> Int { (count + size - 1) / size }

    /// A block size that gives each processor one block, at least `minimum`.
    static func evenSize(of count: Int, minimum: Int) -> Int {
        max(minimum, blockCount(count, size: ProcessInfo.processInfo.activeProcessorCount))
    }
}
