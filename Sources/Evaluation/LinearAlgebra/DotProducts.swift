import CKernels
import Dispatch
import Foundation

/// All dot products between the rows of two matrices: the one hot loop of this library.
enum DotProducts {
    /// Rows whose products are one piece of work for a processor.
    private static let blockSize = 64

    /// `x · yᵀ`, row-major `[rows of x, rows of y]`, by all processors.
    ///
    /// - Parameters:
    ///   - x: Row-major `[any, depth]`.
    ///   - y: Row-major `[any, depth]`.
    static func all(_ x: [Double], _ y: [Double], depth: Int) -> [Double] {
        let (rows, columns) = (x.count / depth, y.count / depth)
        var result = [Double](repeating: 0, count: rows * columns)
        result.withUnsafeMutableBufferPointer { result in
            guard let target = result.baseAddress else { return }
            nonisolated(unsafe) let output = target
            Parallel.forEachBlock(of: rows, size: blockSize) { _, block in
                x.withUnsafeBufferPointer { x in
                    y.withUnsafeBufferPointer { y in
                        add(
                            x.baseAddress! + block.lowerBound * depth, rows: block.count,
                            y.baseAddress!, columns: columns, depth: depth,
                            to: output + block.lowerBound * columns, stride: columns)
                    }
                }
            }
        }
        return result
    }

    /// Adds `x · xᵀ` to a symmetric matrix, on and above its diagonal, by all processors.
    ///
    /// - Parameters:
    ///   - x: Row-major `[size of matrix, depth]`.
    static func addWithin(_ x: [Double], depth: Int, to matrix: inout SquareMatrix) {
        let size = matrix.size
        x.withUnsafeBufferPointer { x in
            matrix.values.withUnsafeMutableBufferPointer { values in
                nonisolated(unsafe) let (source, target) = (x.baseAddress!, values.baseAddress!)
                Parallel.forEachBlock(of: size, size: blockSize / 2) { _, rows in
                    let start = rows.lowerBound
                    add(
                        source + start * depth, rows: rows.count, source + start * depth,
                        columns: size - start, depth: depth, to: target + (start * size + start),
                        stride: size)
                }
            }
        }
    }

    /// Adds `x · yᵀ` to `output`; a product of two rows has the same bits wherever they are.
    ///
    /// - Parameters:
    ///   - x: Row-major `[rows, depth]`.
    ///   - y: Row-major `[columns, depth]`.
    ///   - output: Row-major `[rows, columns]`, with `stride` numbers from row to row.
    static func add(
        _ x: UnsafePointer<Double>, rows: Int, _ y: UnsafePointer<Double>, columns: Int,
        depth: Int, to output: UnsafeMutablePointer<Double>, stride: Int
    ) {
        wk_add_dots(
            x, Int64(rows), y, Int64(columns), Int64(depth), output, Int64(stride))
    }
}

extension DotProducts {
    /// Calls `body` with the products of some rows of `x` with some of `y`, row-major.
    static func withBlock<Result>(
        _ x: FeatureMatrix, _ rows: Range<Int>, _ y: FeatureMatrix, _ columns: Range<Int>,
        _ body: (UnsafeMutableBufferPointer<Double>) -> Result
    ) -> Result {
        withUnsafeTemporaryAllocation(
            of: Double.self, capacity: rows.count * columns.count
        ) { products in
            products.initialize(repeating: 0)
            let depth = x.dimensions
            x.values.withUnsafeBufferPointer { first in
                y.values.withUnsafeBufferPointer { second in
                    add(
                        first.baseAddress! + rows.lowerBound * depth, rows: rows.count,
                        second.baseAddress! + columns.lowerBound * depth, columns: columns.count,
                        depth: depth, to: products.baseAddress!, stride: columns.count)
                }
            }
            return body(products)
        }
    }
}

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
