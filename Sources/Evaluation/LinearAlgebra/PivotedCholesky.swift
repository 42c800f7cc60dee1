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

    /// Rows of U whose products are taken together: most of the work then is matrix products.
    private static let block = 64

    /// Factors a symmetric positive semidefinite matrix; what is not positive is rounding.
    ///
    /// - Complexity: O(size² · rank).
    init(_ matrix: SquareMatrix) {
        size = matrix.size
        var remaining = matrix.diagonal
        // Below this a pivot is nothing but the rounding of the largest.
        let least = (remaining.max() ?? 0) * .ulpOfOne
        // Uᵀ U of the rows of U before the block, on and above the diagonal.
        var explained = SquareMatrix(zeros: size)
        while rank < size {
            let start = rank
            while rank < min(start + Self.block, size) {
                let pivot = remaining.indices.max { remaining[$0] < remaining[$1] }!
                guard remaining[pivot] > least else { return }
                rows += row(of: matrix, pivot, less: explained, from: start, &remaining)
                rank += 1
            }
            rows.withUnsafeBufferPointer {
                DotProducts.addWithinColumns(
                    $0.baseAddress! + start * size, count: rank - start, to: &explained)
            }
        }
    }

    /// The next row of U; what it explains is taken off the `remaining` diagonal.
    private func row(
        of matrix: SquareMatrix, _ pivot: Int, less explained: SquareMatrix, from start: Int,
        _ remaining: inout [Double]
    ) -> [Double] {
        var row = (0..<size).map { column in
            matrix[pivot, column] - explained[min(pivot, column), max(pivot, column)]
        }
        for k in start..<rank {
            let coefficient = rows[k * size + pivot]
            for column in 0..<size { row[column] -= coefficient * rows[k * size + column] }
        }
        let root = remaining[pivot].squareRoot()
        for column in 0..<size {
            row[column] /= root
            remaining[column] -= row[column] * row[column]
        }
        row[pivot] = root
        remaining[pivot] = 0
        return row
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
