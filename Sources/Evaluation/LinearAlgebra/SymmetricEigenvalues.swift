extension SquareMatrix {
    /// The eigenvalues of a symmetric matrix, ascending; the entries should be about 1 or less.
    ///
    /// Householder's reflections make it tridiagonal, bisection does the rest.
    ///
    /// - Complexity: O(size³).
    func symmetricEigenvalues() -> [Double] {
        var reduction = HouseholderReduction(self)
        let (diagonal, beside) = reduction.diagonals()
        return Tridiagonal(diagonal: diagonal, beside: beside).eigenvalues()
    }
}

/// Reflections that turn a symmetric matrix into a tridiagonal one with the same eigenvalues.
///
/// Each step subtracts `u wᵀ + w uᵀ` from what is left of the matrix. The subtraction is put off
/// until the next step needs the matrix for a product, so each step passes over it only once.
///
/// Source: Golub and Van Loan 2013, "Matrix Computations", section 8.3.1.
struct HouseholderReduction {
    private var matrix: SquareMatrix
    private var u: [Double]
    private var w: [Double]
    /// The vectors u of all steps, where they are kept.
    private var reflectors: [[Double]] = []
    private let keepsReflectors: Bool

    /// - Parameter keepsReflectors: Whether ``transformation()`` will be asked for, which takes as
    ///   much memory again.
    init(_ matrix: SquareMatrix, keepsReflectors: Bool = false) {
        self.matrix = matrix
        self.keepsReflectors = keepsReflectors
        u = [Double](repeating: 0, count: matrix.size)
        w = u
    }

    /// The diagonal of the tridiagonal matrix, and the numbers beside it.
    mutating func diagonals() -> (diagonal: [Double], beside: [Double]) {
        let size = matrix.size
        var diagonal: [Double] = []
        var beside: [Double] = []
        for step in 0..<size {
            let row = currentRow(step)
            diagonal.append(row[step])
            guard step + 1 < size else { break }
            let (reflector, length) = Self.reflector(of: row, after: step)
            beside.append(length)
            if keepsReflectors { reflectors.append(reflector) }
            advance(by: reflector, after: step)
        }
        return (diagonal, beside)
    }

    /// The orthogonal Q with `A = Qᵀ T Q`, row-major; T is what ``diagonals()`` has returned.
    func transformation() -> [Double] {
        let size = matrix.size
        var rows = [Double](repeating: 0, count: size * size)
        for index in 0..<size { rows[index * size + index] = 1 }
        rows.withUnsafeMutableBufferPointer { rows in
            nonisolated(unsafe) let rows = rows.baseAddress!
            for (step, u) in reflectors.enumerated().reversed() {
                let square = u.reduce(0) { $0 + $1 * $1 }
                guard square > 0 else { continue }
                // The rows and columns before are still those of the unit matrix.
                let block = Parallel.evenSize(of: size - step - 1, minimum: 128)
                Parallel.forEachBlock(of: size - step - 1, size: block) { _, indices in
                    for index in indices {
                        let row = rows + (step + 1 + index) * size
                        var product = 0.0
                        for column in step + 1..<size { product += row[column] * u[column] }
                        for column in step + 1..<size {
                            row[column] -= 2 * product / square * u[column]
                        }
                    }
                }
            }
        }
        return rows
    }

    /// A row with the subtraction that was put off; numbers left of the diagonal mean nothing.
    private func currentRow(_ index: Int) -> [Double] {
        let size = matrix.size
        var row = Array(matrix.values[index * size..<(index + 1) * size])
        for column in index..<size { row[column] -= u[index] * w[column] + w[index] * u[column] }
        return row
    }

    /// The vector u whose reflection maps the row right of the diagonal to (length, 0, 0, …).
    private static func reflector(
        of row: [Double], after step: Int
    ) -> (u: [Double], length: Double) {
        var u = row
        for index in 0...step { u[index] = 0 }
        let head = u[step + 1]
        let tail = u[(step + 2)...].reduce(0) { $0 + $1 * $1 }
        // Too small to be squared: nothing beside entries of size one.
        guard tail > 1e-290 else {
            return ([Double](repeating: 0, count: u.count), head)
        }
        let norm = (head * head + tail).squareRoot()
        let length = head > 0 ? -norm : norm
        u[step + 1] = head - length
        return (u, length)
    }

    /// Does the subtraction that was put off, and finds the next one.
    private mutating func advance(by next: [Double], after step: Int) {
        var product = subtractAndMultiply(next, after: step)
        let square = next.reduce(0) { $0 + $1 * $1 }
        if square > 0 {
            var projection = 0.0
            for index in step + 1..<next.count {
                product[index] *= 2 / square
                projection += product[index] * next[index]
            }
            for index in step + 1..<next.count {
                product[index] -= projection / square * next[index]
            }
        }
        u = next
        w = product
    }

    /// Subtracts `u wᵀ + w uᵀ` and returns the product of the result with `vector`.
    private mutating func subtractAndMultiply(_ vector: [Double], after step: Int) -> [Double] {
        let size = matrix.size
        var product = [Double](repeating: 0, count: size)
        let block = Parallel.evenSize(of: size - step - 1, minimum: 128)
        matrix.values.withUnsafeMutableBufferPointer { values in
            product.withUnsafeMutableBufferPointer { product in
                nonisolated(unsafe) let (values, product) = (values.baseAddress!, product)
                let (u, w) = (u, w)
                Parallel.forEachBlock(of: size - step - 1, size: block) { _, indices in
                    for index in indices {
                        let row = step + 1 + index
                        product[row] = Self.subtractAndMultiply(
                            values + row * size, u, w, row, vector, from: step + 1)
                    }
                }
            }
        }
        return product
    }

    /// One row of it, by pairs of columns.
    private static func subtractAndMultiply(
        _ values: UnsafeMutablePointer<Double>, _ u: [Double], _ w: [Double], _ row: Int,
        _ vector: [Double], from start: Int
    ) -> Double {
        let (a, b) = (u[row], w[row])
        return u.withUnsafeBufferPointer { u in
            w.withUnsafeBufferPointer { w in
                vector.withUnsafeBufferPointer { vector in
                    for column in start..<u.count {
                        values[column] -= a * w[column] + b * u[column]
                    }
                    // Four sums at once: one alone would wait for each addition.
                    var sums = SIMD4<Double>.zero
                    var column = start
                    while column + 4 <= u.count {
                        let x = UnsafeRawPointer(values + column).loadUnaligned(
                            as: SIMD4<Double>.self)
                        let y = UnsafeRawPointer(vector.baseAddress! + column).loadUnaligned(
                            as: SIMD4<Double>.self)
                        sums += x * y
                        column += 4
                    }
                    var sum = sums.sum()
                    for rest in column..<u.count { sum += values[rest] * vector[rest] }
                    return sum
                }
            }
        }
    }
}
