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
