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
        let roots = product.symmetricEigenvalues().map { max(0, $0).squareRoot() }
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
