/// Masses as whole numbers: flows are then exact, and an amount is zero or it is not.
enum MassUnits {
    /// The shares of two sides in units of about 2⁻⁶⁰, with the same total.
    ///
    /// The total is a multiple of both counts, so that equal shares stay equal.
    static func integers(_ first: [Double], _ second: [Double]) -> ([Int64], [Int64]) {
        let step = Int64(first.count) * Int64(second.count)
        let total = (1 << 60) / step * step
        return (integers(first, total), integers(second, total))
    }

    private static func integers(_ shares: [Double], _ total: Int64) -> [Int64] {
        if shares.allSatisfy({ $0 == shares[0] }) {
            return Array(repeating: total / Int64(shares.count), count: shares.count)
        }
        var units = shares.map { Int64(($0 * Double(total)).rounded()) }
        // The largest share takes what rounding left over, a few parts in 10¹³ of it at most.
        if let largest = units.indices.max(by: { units[$0] < units[$1] }) {
            units[largest] += total - units.reduce(0, +)
        }
        return units
    }
}
