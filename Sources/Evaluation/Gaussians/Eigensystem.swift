import Foundation

/// The eigenvalues and eigenvectors of a symmetric matrix.
///
/// Householder's reflections make it tridiagonal, and rotations diagonal.
///
/// Source: Golub and Van Loan 2013, "Matrix Computations", sections 8.3.1 and 8.3.3 (implicit
/// shifts of Wilkinson).
struct Eigensystem: Sendable {
    /// In no particular order.
    private(set) var eigenvalues: [Double]
    /// Row k is the unit eigenvector of eigenvalue k, row-major `[size, size]`.
    private(set) var eigenvectors: [Double]

    private let size: Int
    /// The numbers beside the diagonal.
    private var beside: [Double]

    /// - Complexity: O(size³).
    init(_ matrix: SquareMatrix) {
        size = matrix.size
        let scale = matrix.values.reduce(0) { max($0, abs($1)) }
        let unit = scale > 0 ? scale : 1
        var reduction = HouseholderReduction(
            matrix.divided(by: unit), keepsReflectors: true)
        let (diagonal, beside) = reduction.diagonals()
        eigenvalues = diagonal
        self.beside = beside
        eigenvectors = reduction.transformation()
        for block in (0..<max(0, size - 1)).reversed() { isolate(block) }
        eigenvalues = eigenvalues.map { $0 * unit }
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

extension Eigensystem {
    /// Rotates until the number beside the diagonal at `last` is nothing beside its neighbours.
    private mutating func isolate(_ last: Int) {
        // Two or three rounds are usual; the limit is there for the proof only.
        for _ in 0..<60 where !isNegligible(last) {
            var first = last
            while first > 0, !isNegligible(first - 1) { first -= 1 }
            chase(from: first, to: last + 1)
        }
        beside[last] = 0
    }

    private func isNegligible(_ index: Int) -> Bool {
        let around = abs(eigenvalues[index]) + abs(eigenvalues[index + 1])
        return abs(beside[index]) <= .ulpOfOne / 2 * around || abs(beside[index]) < 1e-300
    }

    /// One round with an implicit shift over the rows `first...last`.
    private mutating func chase(from first: Int, to last: Int) {
        let half = (eigenvalues[last - 1] - eigenvalues[last]) / 2
        let corner = beside[last - 1]
        let root = hypot(half, corner)
        let shift = eigenvalues[last] - corner * (corner / (half + (half < 0 ? -root : root)))
        var (x, z) = (eigenvalues[first] - shift, beside[first])
        for row in first..<last {
            let length = hypot(x, z)
            let (cosine, sine) = length > 0 ? (x / length, z / length) : (1, 0)
            if row > first { beside[row - 1] = length }
            let (a, b, c) = (eigenvalues[row], eigenvalues[row + 1], beside[row])
            eigenvalues[row] = cosine * cosine * a + 2 * cosine * sine * c + sine * sine * b
            eigenvalues[row + 1] = sine * sine * a - 2 * cosine * sine * c + cosine * cosine * b
            beside[row] = cosine * sine * (b - a) + (cosine * cosine - sine * sine) * c
            if row + 1 < last {
                (x, z) = (beside[row], sine * beside[row + 1])
                beside[row + 1] *= cosine
            }
            turn(row, cosine, sine)
        }
    }

    /// Rotates two neighbouring eigenvectors.
    private mutating func turn(_ row: Int, _ cosine: Double, _ sine: Double) {
        let size = size
        eigenvectors.withUnsafeMutableBufferPointer { vectors in
            let first = vectors.baseAddress! + row * size
            let second = first + size
            for place in 0..<size {
                let (a, b) = (first[place], second[place])
                first[place] = cosine * a + sine * b
                second[place] = cosine * b - sine * a
            }
        }
    }
}

extension SquareMatrix {
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
