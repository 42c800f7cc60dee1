/// `A = Uᵀ U` of a symmetric positive semidefinite matrix, with complete pivoting.
///
/// `U` has as many rows as the matrix has rank, so covariances of few samples stay small and no
/// number has to be added to the diagonal.
///
/// Source: Higham 2002, "Accuracy and Stability of Numerical Algorithms", section 10.3.
struct PivotedCholesky: Sendable {
    /// The number of rows of U; at most ``size``.
    private(set) var rank = 0
    /// The number of columns of U.
    let size: Int
    /// Row-major `[rank, size]`.
    private(set) var rows: [Double] = []

    /// Factors a symmetric positive semidefinite matrix; what is not positive is rounding.
    ///
    /// - Complexity: O(size · rank²).
    init(_ matrix: SquareMatrix) {
        size = matrix.size
        var remaining = matrix.diagonal
        // Below this a pivot is nothing but the rounding of the largest.
        let least = (remaining.max() ?? 0) * .ulpOfOne
        while rank < size {
            let pivot = remaining.indices.max { remaining[$0] < remaining[$1] }!
            guard remaining[pivot] > least else { return }
            append(row(of: matrix, pivot, &remaining))
        }
    }

    private mutating func append(_ row: [Double]) {
        rows += row
        rank += 1
    }

    /// The next row of U; what it explains is taken off the `remaining` diagonal.
    private func row(
        of matrix: SquareMatrix, _ pivot: Int, _ remaining: inout [Double]
    ) -> [Double] {
        let coefficients = (0..<rank).map { rows[$0 * size + pivot] }
        var row = Array(matrix.values[pivot * size..<(pivot + 1) * size])
        subtract(coefficients, from: &row)
        let root = remaining[pivot].squareRoot()
        for column in 0..<size {
            row[column] /= root
            remaining[column] -= row[column] * row[column]
        }
        row[pivot] = root
        remaining[pivot] = 0
        return row
    }

    /// `row −= Σ coefficients[k] · rows[k]`.
    private func subtract(_ coefficients: [Double], from row: inout [Double]) {
        let size = size
        rows.withUnsafeBufferPointer { rows in
            row.withUnsafeMutableBufferPointer { row in
                nonisolated(unsafe) let (rows, row) = (rows, row)
                let block = Parallel.evenSize(of: size, minimum: 512)
                Parallel.forEachBlock(of: size, size: block) { _, columns in
                    for (k, coefficient) in coefficients.enumerated() where coefficient != 0 {
                        let source = k * size
                        for column in columns { row[column] -= coefficient * rows[source + column] }
                    }
                }
            }
        }
    }
}

extension SquareMatrix {
    /// `tr((S₁^½ S₂ S₁^½)^½)` of two covariance matrices of one size.
    ///
    /// With any `U` such that `S₁ = Uᵀ U`, the matrix `U S₂ Uᵀ` has the same eigenvalues other than
    /// zero as `S₁^½ S₂ S₁^½`; a factor by elimination needs no eigenvectors and works for any
    /// rank. Only eigenvalues of a symmetric matrix are taken, so nothing becomes complex.
    func traceOfRootOfProduct(with other: SquareMatrix) -> Double {
        let (scale, otherScale) = (diagonal.max() ?? 0, other.diagonal.max() ?? 0)
        guard scale > 0, otherScale > 0 else { return 0 }
        let product = PivotedCholesky(divided(by: scale))
            .congruence(other.divided(by: otherScale))
        let roots = product.symmetricEigenvalues().map { max($0, 0).squareRoot() }
        return roots.reduce(0, +) * scale.squareRoot() * otherScale.squareRoot()
    }
}

extension PivotedCholesky {
    /// `U S Uᵀ` for a symmetric S, exactly symmetric.
    func congruence(_ matrix: SquareMatrix) -> SquareMatrix {
        let half = DotProducts.all(rows, matrix.values, depth: size)
        var product = SquareMatrix(
            size: rank, values: DotProducts.all(half, rows, depth: size))
        product.mirrorUpperTriangle()
        return product
    }
}
