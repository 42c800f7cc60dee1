/// The phase that completes the assignment: shortest alternating paths, one for each free row.
extension AssignmentProblem {
    /// How far a search has come: `order` holds the scanned columns, then those at the current
    /// distance, then all others.
    private struct Frontier {
        /// Columns before this position were at a smaller distance when they were scanned.
        var settled = 0
        /// Columns before this position have been scanned.
        var scanned = 0
        /// Columns before this position are at the current distance or nearer.
        var reached = 0
        /// The current distance.
        var distance = 0.0
    }

    /// Assigns one more row along the shortest path from it to a free column.
    func augment(from row: Int) {
        let costs = costs(of: row)
        for column in 0..<size {
            distance[column] = costs[column] - price[column]
            predecessor[column] = row
            order[column] = column
        }
        var frontier = Frontier()
        var end = Self.none
        while end == Self.none {
            if frontier.scanned == frontier.reached { end = collectNearest(&frontier) }
            if end == Self.none { end = scanNext(&frontier) }
        }
        for position in 0..<frontier.settled {
            let column = order[position]
            price[column] += distance[column] - frontier.distance
        }
        flipPath(to: end, from: row)
    }

    /// Moves the nearest columns into the frontier.
    ///
    /// - Returns: A free column among them, or `none`.
    private func collectNearest(_ frontier: inout Frontier) -> Int {
        frontier.settled = frontier.scanned
        var nearest = Double.infinity
        for position in frontier.reached..<size {
            let column = order[position]
            let length = distance[column]
            guard length <= nearest else { continue }
            if length < nearest {
                nearest = length
                frontier.reached = frontier.scanned
            }
            order.swapAt(position, frontier.reached)
            frontier.reached += 1
        }
        frontier.distance = nearest
        for position in frontier.scanned..<frontier.reached {
            let column = order[position]
            if rowOfColumn[column] == Self.none { return column }
        }
        return Self.none
    }

    /// Goes through the row of the next column in the frontier, and shortens the paths to others.
    ///
    /// - Returns: A free column that turned out to be at the current distance, or `none`.
    private func scanNext(_ frontier: inout Frontier) -> Int {
        let via = order[frontier.scanned]
        frontier.scanned += 1
        let row = rowOfColumn[via]
        let costs = costs(of: row)
        let offset = costs[via] - price[via] - frontier.distance
        for position in frontier.reached..<size {
            let column = order[position]
            let length = costs[column] - price[column] - offset
            guard length < distance[column] else { continue }
            predecessor[column] = row
            // Rounding must not let a path get shorter by going on.
            distance[column] = max(length, frontier.distance)
            guard length <= frontier.distance else { continue }
            if rowOfColumn[column] == Self.none { return column }
            order.swapAt(position, frontier.reached)
            frontier.reached += 1
        }
        return Self.none
    }

    /// Gives every column on the path to the row before it.
    private func flipPath(to end: Int, from start: Int) {
        var column = end
        while true {
            let row = predecessor[column]
            let next = columnOfRow[row]
            assign(row, to: column)
            if row == start { return }
            column = next
        }
    }
}
