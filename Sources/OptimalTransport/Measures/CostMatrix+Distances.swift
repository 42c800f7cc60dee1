import Foundation

extension CostMatrix {
    /// The p-th powers of the distances between the points of two measures.
    ///
    /// - Parameters:
    ///   - first: The sources.
    ///   - second: The targets.
    ///   - norm: How distances are measured.
    ///   - p: The power, 1 or more and finite.
    /// - Throws: ``TransportError`` for different spaces, too many points, an unusable order, or
    ///   powers out of range.
    /// - Complexity: O(rows · columns · dimensions), and no memory but the result.
    public static func distances(
        _ first: DiscreteMeasure, _ second: DiscreteMeasure, norm: GroundNorm = .l2, p: Double = 1
    ) throws -> CostMatrix {
        try requireSameSpace(first, second)
        guard p >= 1, p.isFinite else { throw TransportError.order(p) }
        let largest = max(first.count, second.count)
        guard largest <= maximumPoints else { throw TransportError.tooManyPoints(largest) }
        var values = [Double](repeating: 0, count: first.count * second.count)
        let axes = second.pointsByAxis
        for row in 0..<first.count {
            let point = first.points[row * first.dimensions..<(row + 1) * first.dimensions]
            values.withUnsafeMutableBufferPointer { values in
                let row = UnsafeMutableBufferPointer(
                    rebasing: values[row * second.count..<(row + 1) * second.count])
                switch norm {
                case .l1:
                    accumulate(point, axes, into: row) { abs($0) }
                    raise(row, to: p)
                case .l2:
                    accumulate(point, axes, into: row) { $0 * $0 }
                    raise(row, to: p / 2)
                }
            }
        }
        return try CostMatrix(rows: first.count, columns: second.count, values: values)
    }

    /// Adds a function of the difference on each axis between one point and all others.
    @inline(__always)
    private static func accumulate(
        _ point: ArraySlice<Double>, _ axes: [Double], into row: UnsafeMutableBufferPointer<Double>,
        _ length: (Double) -> Double
    ) {
        axes.withUnsafeBufferPointer { axes in
            var start = 0
            for coordinate in point {
                for column in 0..<row.count {
                    row[column] += length(coordinate - axes[start + column])
                }
                start += row.count
            }
        }
    }

    private static func raise(_ row: UnsafeMutableBufferPointer<Double>, to power: Double) {
        switch power {
        case 1: break
        case 0.5: for column in row.indices { row[column] = row[column].squareRoot() }
        default: for column in row.indices { row[column] = pow(row[column], power) }
        }
    }
}

extension DiscreteMeasure {
    /// The coordinates axis by axis, `[dimensions, count]`.
    fileprivate var pointsByAxis: [Double] {
        (0..<dimensions).flatMap { axis in
            (0..<count).map { points[$0 * dimensions + axis] }
        }
    }
}
