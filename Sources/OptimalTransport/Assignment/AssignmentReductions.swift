/// The quick phases that assign most rows before any path is searched.
extension AssignmentProblem {
    /// Prices each column at its smallest cost and gives it to that row if the row is still free.
    func reduceColumns() {
        let cheapestRow = order
        for column in 0..<size {
            price[column] = cost[column]
            cheapestRow[column] = 0
        }
        // Row by row, as the matrix lies in memory.
        for row in 1..<max(1, size) {
            let costs = costs(of: row)
            for column in 0..<size where costs[column] < price[column] {
                price[column] = costs[column]
                cheapestRow[column] = row
            }
        }
        for column in 0..<size where columnOfRow[cheapestRow[column]] == Self.none {
            assign(cheapestRow[column], to: column)
        }
    }

    /// Lowers the price of each assigned column as far as its row allows, which makes it less
    /// attractive to no other row but leaves slack for the phases that follow.
    func transferReductions() {
        for row in 0..<size where columnOfRow[row] != Self.none {
            let column = columnOfRow[row]
            let costs = costs(of: row)
            var secondBest = Double.infinity
            for other in 0..<size where other != column {
                secondBest = min(secondBest, costs[other] - price[other])
            }
            if secondBest.isFinite {
                // Reduced costs of an assigned pair are zero here, so the slack is secondBest.
                price[column] -= secondBest
            }
        }
    }

    /// Lets each free row take its best column from whoever has it, at a price that leaves the row
    /// indifferent between its two best.
    ///
    /// - Returns: The rows that are still free.
    func bid(_ free: [Int]) -> [Int] {
        var waiting = free
        var losers: [Int] = []
        // In exact arithmetic bidding ends by itself; rounding can make its steps tiny.
        var bidsLeft = 16 * size
        while let row = waiting.popLast() {
            let (best, second, margin) = bestColumns(of: row)
            let lowered = price[best] - margin
            let pays = lowered < price[best] && bidsLeft > 0
            bidsLeft -= 1
            var column = best
            if pays {
                price[best] = lowered
            } else if margin == 0, rowOfColumn[best] != Self.none, second != Self.none {
                column = second
            }
            let displaced = rowOfColumn[column]
            assign(row, to: column)
            guard displaced != Self.none else { continue }
            columnOfRow[displaced] = Self.none
            if pays { waiting.append(displaced) } else { losers.append(displaced) }
        }
        return losers
    }

    /// The two columns with the smallest reduced costs, and by how much the second is worse.
    private func bestColumns(of row: Int) -> (best: Int, second: Int, margin: Double) {
        let costs = costs(of: row)
        var best = 0
        var second = Self.none
        var lowest = costs[0] - price[0]
        var secondLowest = Double.infinity
        for column in 1..<size {
            let reduced = costs[column] - price[column]
            guard reduced < secondLowest else { continue }
            if reduced < lowest {
                (second, secondLowest) = (best, lowest)
                (best, lowest) = (column, reduced)
            } else {
                (second, secondLowest) = (column, reduced)
            }
        }
        return (best, second, secondLowest - lowest)
    }
}
