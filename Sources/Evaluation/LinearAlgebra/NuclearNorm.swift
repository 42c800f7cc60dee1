/// The sum of the singular values of a matrix that comes in blocks of columns.
///
/// They are the roots of the eigenvalues of `M Mᵀ`, so that singular values below about 1e-8 of the
/// largest are lost in rounding.
struct NuclearNorm {
    private var gram: SquareMatrix

    /// The norm of a matrix without columns yet.
    init(rows: Int) { gram = SquareMatrix(zeros: rows) }

    /// Adds columns: row-major `[rows, columns]`.
    mutating func add(_ block: [Double], columns: Int) {
        DotProducts.addWithin(block, depth: columns, to: &gram)
    }

    /// The norm of all columns so far.
    ///
    /// - Complexity: O(rows³).
    func value() -> Double {
        let largest = gram.diagonal.max() ?? 0
        guard largest > 0 else { return 0 }
        var scaled = gram.divided(by: largest)
        scaled.mirrorUpperTriangle()
        let roots = scaled.symmetricEigenvalues().map { max($0, 0).squareRoot() }
        return roots.reduce(0, +) * largest.squareRoot()
    }

    /// The bytes that all of this takes at most.
    static func bytes(rows: Int) -> Int { 3 * 8 * rows * rows }
}
