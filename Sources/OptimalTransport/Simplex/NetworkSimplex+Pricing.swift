extension NetworkSimplex {
    /// A way from a source to a target.
    struct Way {
        let row: Int
        let column: Int
    }

    /// The way with the largest gain in the first block that has any; nil at the optimum.
    mutating func enteringWay() -> Way? {
        let ways = rows * columns
        var best: Way?
        var bestGain = 0.0
        var seen = 0
        var inBlock = 0
        while seen < ways {
            let (row, start) = position.quotientAndRemainder(dividingBy: columns)
            let length = min(columns - start, blockSize - inBlock)
            let costs = cost.baseAddress! + position
            let prices = tree.price + rows + start
            let lowest = lowestDifference(costs, prices, length)
            let price = tree.price[row]
            if price - lowest > bestGain {
                let column = indexOfDifference(lowest, costs, prices, length)
                let size = abs(costs[column]) + abs(prices[column]) + abs(price)
                if price - lowest > tolerance * size {
                    bestGain = price - lowest
                    best = Way(row: row, column: start + column)
                }
            }
            position += length
            if position == ways { position = 0 }
            seen += length
            inBlock += length
            if inBlock == blockSize {
                if best != nil { return best }
                inBlock = 0
            }
        }
        return best
    }
}

/// The smallest `costs[k] − prices[k]`.
func lowestDifference(
    _ costs: UnsafePointer<Double>, _ prices: UnsafePointer<Double>, _ count: Int
) -> Double {
    typealias Lanes = SIMD4<Double>
    var lowest = Lanes(repeating: .infinity)
    var other = lowest
    var index = 0
    while index + 8 <= count {
        let first = Lanes(loading: costs + index) - Lanes(loading: prices + index)
        let second = Lanes(loading: costs + index + 4) - Lanes(loading: prices + index + 4)
        lowest = lowest.replacing(with: first, where: first .< lowest)
        other = other.replacing(with: second, where: second .< other)
        index += 8
    }
    var result = min(lowest.min(), other.min())
    while index < count {
        result = min(result, costs[index] - prices[index])
        index += 1
    }
    return result
}

/// The first k with `costs[k] − prices[k]` equal to `value`.
func indexOfDifference(
    _ value: Double, _ costs: UnsafePointer<Double>, _ prices: UnsafePointer<Double>, _ count: Int
) -> Int {
    var index = 0
    while index < count - 1, costs[index] - prices[index] != value { index += 1 }
    return index
}

extension SIMD4<Double> {
    fileprivate init(loading pointer: UnsafePointer<Double>) {
        self = UnsafeRawPointer(pointer).loadUnaligned(as: SIMD4<Double>.self)
    }
}
