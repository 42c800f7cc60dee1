import CLAPACK

/// A square matrix of Double, row-major.
struct SquareMatrix: Sendable, Equatable {
    /// How many rows and columns.
    let size: Int
    /// Row-major `[size, size]`.
    var values: [Double]

    init(size: Int, values: [Double]) {
        precondition(values.count == size * size, "a square matrix has size · size values")
        self.size = size
        self.values = values
    }

    init(zeros size: Int) {
        self.init(size: size, values: [Double](repeating: 0, count: size * size))
    }

    subscript(row: Int, column: Int) -> Double { values[row * size + column] }

    /// The numbers on the diagonal.
    var diagonal: [Double] { (0..<size).map { self[$0, $0] } }

    /// The sum of the diagonal.
    var trace: Double { diagonal.reduce(0, +) }

    /// The matrix with every number divided by `divisor`.
    func divided(by divisor: Double) -> SquareMatrix {
        SquareMatrix(size: size, values: values.map { $0 / divisor })
    }

    /// Copies the part above the diagonal to below it.
    mutating func mirrorUpperTriangle() {
        let size = size
        values.withUnsafeMutableBufferPointer { values in
            for row in 0..<size {
                for column in 0..<row { values[row * size + column] = values[column * size + row] }
            }
        }
    }
}

extension SquareMatrix {
    /// The eigenvalues of a symmetric matrix, ascending.
    ///
    /// Source: LAPACK's dsyevd.
    ///
    /// - Complexity: O(size³).
    func symmetricEigenvalues() -> [Double] {
        var matrix = values
        return solveEigenproblem(of: &matrix, size: size, vectors: false)
    }

    /// The mean of the matrix and its mirror image.
    func symmetrised() -> SquareMatrix {
        SquareMatrix(
            size: size,
            values: values.indices.map { (values[$0] + values[$0 % size * size + $0 / size]) / 2 })
    }

    /// `self · other · self`, of symmetric matrices.
    func congruence(_ other: SquareMatrix) -> SquareMatrix {
        let half = DotProducts.all(values, other.values, depth: size)
        return SquareMatrix(size: size, values: DotProducts.all(half, values, depth: size))
            .symmetrised()
    }
}

/// The eigenvalues and eigenvectors of a symmetric matrix.
struct Eigensystem: Sendable {
    /// Ascending.
    let eigenvalues: [Double]
    /// Row k is the unit eigenvector of eigenvalue k, row-major `[size, size]`.
    let eigenvectors: [Double]
    private let size: Int

    /// - Complexity: O(size³).
    init(_ matrix: SquareMatrix) {
        size = matrix.size
        var vectors = matrix.values
        eigenvalues = solveEigenproblem(of: &vectors, size: size, vectors: true)
        eigenvectors = vectors
    }

    /// The symmetric matrix with the same eigenvectors and a function of the eigenvalues.
    func matrix(_ function: (Double) -> Double) -> SquareMatrix {
        let factors = eigenvalues.map(function)
        // Columns of eigenvectors as rows, for dot products of two of them.
        var turned = [Double](repeating: 0, count: size * size)
        for vector in 0..<size {
            for place in 0..<size {
                turned[place * size + vector] = eigenvectors[vector * size + place]
            }
        }
        let scaled = turned.indices.map { turned[$0] * factors[$0 % size] }
        return SquareMatrix(size: size, values: DotProducts.all(scaled, turned, depth: size))
            .symmetrised()
    }
}

/// The eigenvalues of a symmetric matrix, ascending; not-a-number where they do not converge, which
/// no finite matrix is known to bring about.
///
/// - Parameters:
///   - matrix: Row-major; overwritten, by the eigenvectors as rows where these are asked for.
///   - size: How many rows.
private func solveEigenproblem(
    of matrix: inout [Double], size: Int, vectors: Bool
) -> [Double] {
    var eigenvalues = [Double](repeating: 0, count: size)
    guard size > 0 else { return [] }
    // LAPACK's columns are our rows.
    let status = LAPACKE_dsyevd(
        LAPACK_COL_MAJOR, vectors ? CChar(UInt8(ascii: "V")) : CChar(UInt8(ascii: "N")),
        CChar(UInt8(ascii: "L")), Int32(size), &matrix, Int32(size), &eigenvalues)
    return status == 0 ? eigenvalues : [Double](repeating: .nan, count: size)
}

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
        DotProducts.addWithin(FeatureMatrix(block, columns: columns), to: &gram)
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
