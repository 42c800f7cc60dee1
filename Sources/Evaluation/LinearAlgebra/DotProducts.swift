import CKernels
import Dispatch
import Foundation

/// All dot products between the rows of two matrices: the one hot loop of this library.
enum DotProducts {
    /// Rows whose products are one piece of work for a processor.
    private static let blockSize = 128
    /// Rows of the second matrix that are in double precision at a time, where it is not.
    private static let pieceSize = 512

    /// `x · yᵀ`, row-major `[rows of x, rows of y]`, by all processors.
    static func all(_ x: FeatureMatrix, _ y: FeatureMatrix) -> [Double] {
        var result = [Double](repeating: 0, count: x.count * y.count)
        result.withUnsafeMutableBufferPointer { result in
            nonisolated(unsafe) let output = result.baseAddress!
            Parallel.forEachBlock(of: x.count, size: blockSize) { _, block in
                add(
                    x, block, y, 0..<y.count, to: output + block.lowerBound * y.count,
                    stride: y.count)
            }
        }
        return result
    }

    /// `x · yᵀ` of matrices `[any, depth]`; empty where one of them is.
    static func all(_ x: [Double], _ y: [Double], depth: Int) -> [Double] {
        guard !x.isEmpty, !y.isEmpty else { return [] }
        return all(FeatureMatrix(x, columns: depth), FeatureMatrix(y, columns: depth))
    }

    /// Adds `x · xᵀ` to a symmetric matrix, on and above its diagonal, by all processors.
    static func addWithin(_ x: FeatureMatrix, to matrix: inout SquareMatrix) {
        let size = matrix.size
        matrix.values.withUnsafeMutableBufferPointer { values in
            nonisolated(unsafe) let target = values.baseAddress!
            Parallel.forEachBlock(of: size, size: blockSize) { _, rows in
                let start = rows.lowerBound
                add(x, rows, x, start..<size, to: target + (start * size + start), stride: size)
            }
        }
    }

    /// Adds `xᵀ · x` to a symmetric matrix, on and above its diagonal, by all processors.
    ///
    /// - Parameters:
    ///   - x: Row-major `[count, size of matrix]`.
    ///   - count: How many rows there are.
    static func addWithinColumns(
        _ x: UnsafePointer<Double>, count: Int, to matrix: inout SquareMatrix
    ) {
        let size = matrix.size
        matrix.values.withUnsafeMutableBufferPointer { values in
            nonisolated(unsafe) let (source, target) = (x, values.baseAddress!)
            let step = Int64(size)
            Parallel.forEachBlock(of: size, size: blockSize) { _, columns in
                let start = columns.lowerBound
                let left = wk_vectors(
                    first: source + start, count: Int64(columns.count), step: 1, number: step)
                var right = left
                right.count = step - Int64(start)
                wk_add_dots(left, right, Int64(count), target + (start * size + start), step)
            }
        }
    }

    /// Adds the products of some rows of `x` with some of `y` to `output`; a product of two rows
    /// has the same bits wherever they are.
    ///
    /// - Parameter output: Row-major `[rows, columns]`, with `stride` numbers from row to row.
    static func add(
        _ x: FeatureMatrix, _ rows: Range<Int>, _ y: FeatureMatrix, _ columns: Range<Int>,
        to output: UnsafeMutablePointer<Double>, stride: Int
    ) {
        let depth = Int64(x.dimensions)
        x.withDoubles(of: rows) { x in
            let left = wk_vectors(first: x, count: Int64(rows.count), step: depth, number: 1)
            for piece in y.pieces(of: columns, size: pieceSize) {
                y.withDoubles(of: piece) { y in
                    let right = wk_vectors(
                        first: y, count: Int64(piece.count), step: depth, number: 1)
                    let place = output + (piece.lowerBound - columns.lowerBound)
                    wk_add_dots(left, right, depth, place, Int64(stride))
                }
            }
        }
    }

    /// Calls `body` with the products of some rows of `x` with some of `y`, row-major.
    static func withBlock<Result>(
        _ x: FeatureMatrix, _ rows: Range<Int>, _ y: FeatureMatrix, _ columns: Range<Int>,
        _ body: (UnsafeMutableBufferPointer<Double>) -> Result
    ) -> Result {
        withUnsafeTemporaryAllocation(
            of: Double.self, capacity: rows.count * columns.count
        ) { products in
            products.initialize(repeating: 0)
            add(x, rows, y, columns, to: products.baseAddress!, stride: columns.count)
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
