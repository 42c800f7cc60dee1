/// All dot products between the rows of two matrices: the one hot loop of this library.
enum DotProducts {
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
            Parallel.forEachBlock(of: rows, size: 64) { _, block in
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

    /// Adds `x · yᵀ` to `output`.
    ///
    /// - Parameters:
    ///   - x: Row-major `[rows, depth]`.
    ///   - y: Row-major `[columns, depth]`.
    ///   - output: Row-major `[rows, columns]`, with `stride` numbers from row to row.
    static func add(
        _ x: UnsafePointer<Double>, rows: Int, _ y: UnsafePointer<Double>, columns: Int,
        depth: Int, to output: UnsafeMutablePointer<Double>, stride: Int
    ) {
        // A tile of y, 48 rows of at most 4 KiB, stays in the second-level cache.
        for column in Swift.stride(from: 0, to: columns, by: 48) {
            let endColumn = min(columns, column + 48)
            for start in Swift.stride(from: 0, to: depth, by: 512) {
                let length = min(512, depth - start)
                for row in Swift.stride(from: 0, to: rows, by: 4) {
                    let height = min(4, rows - row)
                    for pair in Swift.stride(from: column, to: endColumn, by: 2) {
                        addBlock(
                            x + (row * depth + start), height: height,
                            y + (pair * depth + start), width: min(2, endColumn - pair),
                            depth: depth, length: length,
                            to: output + (row * stride + pair), stride: stride)
                    }
                }
            }
        }
    }

    /// Up to four rows by two columns, so that every number loaded is used more than once.
    ///
    /// Rows and columns beyond the edge repeat the last one and are not stored.
    @inline(__always)
    private static func addBlock(
        _ x: UnsafePointer<Double>, height: Int, _ y: UnsafePointer<Double>, width: Int,
        depth: Int, length: Int, to output: UnsafeMutablePointer<Double>, stride: Int
    ) {
        let (x1, x2) = (x + min(1, height - 1) * depth, x + min(2, height - 1) * depth)
        let (x3, y1) = (x + min(3, height - 1) * depth, y + (width - 1) * depth)
        var (a0, a1, a2, a3) = (Pair.zero, Pair.zero, Pair.zero, Pair.zero)
        var (b0, b1, b2, b3) = (Pair.zero, Pair.zero, Pair.zero, Pair.zero)
        var k = 0
        while k &+ 2 <= length {
            let (a, b) = (pair(y, k), pair(y1, k))
            let (p0, p1, p2, p3) = (pair(x, k), pair(x1, k), pair(x2, k), pair(x3, k))
            a0 += p0 * a
            b0 += p0 * b
            a1 += p1 * a
            b1 += p1 * b
            a2 += p2 * a
            b2 += p2 * b
            a3 += p3 * a
            b3 += p3 * b
            k &+= 2
        }
        if k < length {
            let (a, b) = (Pair(y[k], 0), Pair(y1[k], 0))
            (a0, b0) = (a0 + x[k] * a, b0 + x[k] * b)
            (a1, b1) = (a1 + x1[k] * a, b1 + x1[k] * b)
            (a2, b2) = (a2 + x2[k] * a, b2 + x2[k] * b)
            (a3, b3) = (a3 + x3[k] * a, b3 + x3[k] * b)
        }
        store(a0, b0, width, output)
        if height > 1 { store(a1, b1, width, output + stride) }
        if height > 2 { store(a2, b2, width, output + 2 * stride) }
        if height > 3 { store(a3, b3, width, output + 3 * stride) }
    }

    private typealias Pair = SIMD2<Double>

    @inline(__always)
    private static func pair(_ values: UnsafePointer<Double>, _ index: Int) -> Pair {
        UnsafeRawPointer(values + index).loadUnaligned(as: Pair.self)
    }

    @inline(__always)
    private static func store(
        _ a: Pair, _ b: Pair, _ width: Int, _ output: UnsafeMutablePointer<Double>
    ) {
        output[0] += a[0] + a[1]
        if width > 1 { output[1] += b[0] + b[1] }
    }
}
