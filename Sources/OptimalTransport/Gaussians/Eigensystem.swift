import Foundation

/// The eigenvalues and eigenvectors of a symmetric matrix.
///
/// Two-sided rotations make the off-diagonal elements vanish one by one, sweep after sweep. The
/// system's LAPACK would be faster on large matrices, but would be one more library to install for
/// covariances of a few dozen dimensions.
///
/// Source: Golub and Van Loan 2013, "Matrix Computations", section 8.5 (Jacobi).
package struct Eigensystem: Sendable {
    /// In no particular order.
    package private(set) var eigenvalues: [Double]
    /// Row k is the unit eigenvector of eigenvalue k, row-major `[size, size]`.
    package private(set) var eigenvectors: [Double]

    private let size: Int

    /// - Complexity: O(size³) for each of about ten sweeps.
    package init(_ matrix: SymmetricMatrix) {
        size = matrix.size
        var values = matrix.values
        eigenvalues = []
        eigenvectors = (0..<size * size).map { $0 / matrix.size == $0 % matrix.size ? 1 : 0 }
        let norm = values.reduce(0) { max($0, abs($1)) }
        // Convergence is quadratic; the limit is there for the proof only.
        for _ in 0..<60 {
            var largest = 0.0
            for row in 0..<size {
                for column in row + 1..<max(size, row + 1) {
                    largest = max(largest, abs(values[row * size + column]))
                    rotate(&values, row, column)
                }
            }
            if largest <= norm * 0x1p-60 { break }
        }
        eigenvalues = (0..<size).map { values[$0 * matrix.size + $0] }
    }

    /// Makes one off-diagonal element vanish.
    private mutating func rotate(_ values: inout [Double], _ row: Int, _ column: Int) {
        let element = values[row * size + column]
        guard element != 0 else { return }
        let difference = values[column * size + column] - values[row * size + row]
        let ratio = difference / (2 * element)
        // The smaller of the two angles that do it; a huge ratio gives the angle zero.
        let tangent = (ratio < 0 ? -1 : 1) / (abs(ratio) + hypot(ratio, 1))
        let cosine = 1 / hypot(tangent, 1)
        let sine = tangent * cosine
        for other in 0..<size {
            turn(&values, other * size + row, other * size + column, cosine, sine)
        }
        for other in 0..<size {
            turn(&values, row * size + other, column * size + other, cosine, sine)
            turn(&eigenvectors, row * size + other, column * size + other, cosine, sine)
        }
        values[row * size + column] = 0
        values[column * size + row] = 0
    }

    @inline(__always)
    private func turn(
        _ values: inout [Double], _ first: Int, _ second: Int, _ cosine: Double, _ sine: Double
    ) {
        let (a, b) = (values[first], values[second])
        values[first] = cosine * a - sine * b
        values[second] = sine * a + cosine * b
    }

    /// The symmetric matrix with the same eigenvectors and a function of the eigenvalues.
    package func matrix(_ function: (Double) -> Double) -> SymmetricMatrix {
        var result = [Double](repeating: 0, count: size * size)
        for (index, eigenvalue) in eigenvalues.enumerated() {
            let factor = function(eigenvalue)
            let vector = eigenvectors[index * size..<(index + 1) * size]
            for (row, left) in vector.enumerated() {
                for (column, right) in vector.enumerated() {
                    result[row * size + column] += factor * left * right
                }
            }
        }
        return SymmetricMatrix(size: size, values: result)
    }
}
