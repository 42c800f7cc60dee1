/// Why scores or potentials do not fit their points.
public enum ScoreError: Error, Equatable {
    /// A number of scores other than that of the points they belong to.
    case count(TransportError.Side, found: Int, points: Int)
    /// A score that is NaN, infinite or beyond ±10²⁵⁰.
    case notFinite(TransportError.Side, point: Int)
}

extension ScoreError: CustomStringConvertible {
    /// One sentence: what is wrong and what to do.
    public var description: String {
        switch self {
        case .count(let side, let found, let points):
            "\(found) scores do not fit the \(points) points of the \(side.rawValue) side; "
                + "give one score for each point."
        case .notFinite(let side, let point):
            "The score of point \(point) of the \(side.rawValue) side is not finite or beyond "
                + "±1e250; find out what made it so."
        }
    }
}

func requireScores(_ scores: [Double], _ count: Int, _ side: TransportError.Side) throws {
    guard scores.count == count else {
        throw ScoreError.count(side, found: scores.count, points: count)
    }
    if let point = scores.firstIndex(where: { !(abs($0) <= CostMatrix.largestMagnitude) }) {
        throw ScoreError.notFinite(side, point: point)
    }
}
