/// A symmetric tridiagonal matrix and its eigenvalues.
struct Tridiagonal: Sendable {
    /// The diagonal, `[size]`.
    let diagonal: [Double]
    /// The squares of the numbers beside the diagonal, `[size − 1]`.
    private let squares: [Double]
    /// An interval that holds all eigenvalues.
    private let bounds: ClosedRange<Double>

    /// - Parameters:
    ///   - diagonal: `[size]`, finite.
    ///   - beside: The numbers next to the diagonal, `[size − 1]`, finite.
    init(diagonal: [Double], beside: [Double]) {
        self.diagonal = diagonal
        squares = beside.map { $0 * $0 }
        var (low, high) = (Double.infinity, -Double.infinity)
        // Gershgorin's discs.
        for (index, centre) in diagonal.enumerated() {
            let left = index > 0 ? abs(beside[index - 1]) : 0
            let right = index < beside.count ? abs(beside[index]) : 0
            low = min(low, centre - left - right)
            high = max(high, centre + left + right)
        }
        bounds = diagonal.isEmpty ? 0...0 : low...high
    }

    /// All eigenvalues, ascending.
    ///
    /// Each is found by bisection on the number of negative pivots, which cannot fail to end.
    ///
    /// Source: Golub and Van Loan 2013, "Matrix Computations", section 8.4.1.
    func eigenvalues() -> [Double] {
        var result = [Double](repeating: 0, count: diagonal.count)
        result.withUnsafeMutableBufferPointer { result in
            nonisolated(unsafe) let result = result
            Parallel.forEachBlock(of: result.count, size: 64) { _, indices in
                for index in indices { result[index] = eigenvalue(index) }
            }
        }
        return result
    }

    private func eigenvalue(_ index: Int) -> Double {
        var (low, high) = (bounds.lowerBound, bounds.upperBound)
        let negligible = max(abs(low), abs(high)) * 1e-24
        // Far more halvings than Double has steps between the bounds and the negligible.
        for _ in 0..<200 {
            let middle = low + (high - low) / 2
            let precision = max(negligible, .ulpOfOne * max(abs(low), abs(high)))
            guard high - low > precision, middle > low, middle < high else { break }
            if count(below: middle) > index { high = middle } else { low = middle }
        }
        return low + (high - low) / 2
    }

    /// How many eigenvalues are below `shift` (Sturm's count).
    private func count(below shift: Double) -> Int {
        diagonal.withUnsafeBufferPointer { diagonal in
            squares.withUnsafeBufferPointer { squares in
                var (pivot, count) = (1.0, 0)
                for index in diagonal.indices {
                    let square = index > 0 ? squares[index - 1] : 0
                    pivot = diagonal[index] - shift - square / pivot
                    // A pivot of zero is a negative one, here and in the next quotient.
                    if abs(pivot) < 1e-290 { pivot = -1e-290 }
                    if pivot < 0 { count += 1 }
                }
                return count
            }
        }
    }
}
