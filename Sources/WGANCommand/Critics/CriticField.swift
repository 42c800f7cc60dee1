import Datasets
import Figures
import WGAN

/// A critic of a pair in the plane, and the optimal one, on a grid over the cube.
struct CriticField: Sendable {
    /// Scores on the grid, and where a generator would be pushed.
    struct Values: Sendable {
        let scores: [Double]
        let arrows: [FieldPlot.Arrow]
        let centers: [SIMD2<Double>]

        func plot(_ title: String) -> FieldPlot {
            FieldPlot(
                title, xs: grid(CriticField.cells), ys: grid(CriticField.cells), values: scores,
                arrows: arrows, points: centers, size: FigureSize(340, 340))
        }
    }

    let truth: Values
    let learned: Values

    private static let cells = 60
    private static let arrowsAlong = 12

    /// Nil off the plane, and for methods without a critic.
    ///
    /// - Throws: What running the critic throws.
    init?(_ learner: any CriticLearner, _ pair: KantorovichPair) throws {
        guard pair.dimensions == 2 else { return nil }
        let points = lattice(Self.cells)
        let places = lattice(Self.arrowsAlong)
        let floats = { (points: [SIMD2<Double>]) in points.flatMap { [Float($0.x), Float($0.y)] } }
        guard let scores = try learner.critic(at: floats(points))?.scores,
            let slopes = try learner.critic(at: floats(places))?.gradients
        else { return nil }
        let centers = (0..<pair.funnels).map {
            SIMD2(pair.centers[2 * $0], pair.centers[2 * $0 + 1])
        }
        let arrows = { (slopes: [Double]) in
            places.enumerated().map { number, place in
                FieldPlot.Arrow(
                    at: place, direction: SIMD2(slopes[2 * number], slopes[2 * number + 1]))
            }
        }
        learned = Values(scores: scores, arrows: arrows(slopes), centers: centers)
        truth = Values(
            scores: points.map { -pair.potential(at: [$0.x, $0.y]) },
            arrows: arrows(
                places.flatMap { pair.ray(through: [$0.x, $0.y]).direction.map { -$0 } }),
            centers: centers)
    }
}

/// The middles of so many cells along an axis of the cube.
private func grid(_ count: Int) -> [Double] {
    (0..<count).map { KantorovichPair.halfWidth * (2 * (Double($0) + 0.5) / Double(count) - 1) }
}

/// The middles of the square's cells, row after row.
private func lattice(_ count: Int) -> [SIMD2<Double>] {
    let axis = grid(count)
    return axis.flatMap { y in axis.map { SIMD2($0, y) } }
}
