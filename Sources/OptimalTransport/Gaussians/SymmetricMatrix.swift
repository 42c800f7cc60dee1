/// A real symmetric matrix.
package struct SymmetricMatrix: Sendable, Equatable {
    /// Rows and columns.
    package let size: Int
    /// Row-major `[size, size]`.
    package let values: [Double]

    /// A matrix made symmetric by averaging with its mirror image.
    package init(size: Int, values: [Double]) {
        self.size = size
        self.values = values.indices.map {
            (values[$0] + values[$0 % size * size + $0 / size]) / 2
        }
    }

    package var trace: Double { (0..<size).reduce(0) { $0 + values[$1 * size + $1] } }

    /// `self · other · self`.
    package func congruence(_ other: SymmetricMatrix) -> SymmetricMatrix {
        SymmetricMatrix(size: size, values: product(product(values, other.values), values))
    }

    private func product(_ left: [Double], _ right: [Double]) -> [Double] {
        var result = [Double](repeating: 0, count: size * size)
        for row in 0..<size {
            for inner in 0..<size {
                let factor = left[row * size + inner]
                for column in 0..<size {
                    result[row * size + column] += factor * right[inner * size + column]
                }
            }
        }
        return result
    }
}
