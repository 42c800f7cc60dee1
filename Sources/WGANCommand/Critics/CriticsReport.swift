import Datasets
import Figures
import Files
import Foundation
import Runs
import WGAN

/// What came of a trial.
struct CriticResult: Encodable, Sendable {
    let method: String
    let dimensions: Int
    let funnels: Int
    let seed: UInt64
    let updates: Int
    let seconds: Double
    let scores: CriticScores
    /// The critic in the plane; nil elsewhere, and where there is none.
    let field: CriticField?

    private enum CodingKeys: String, CodingKey {
        case method, dimensions, funnels, seed, updates, seconds, scores
    }

    init(
        _ trial: CriticTrial, _ scores: CriticScores, _ seconds: Double, _ field: CriticField?
    ) {
        (method, dimensions, funnels) = (trial.method.name, trial.dimensions, trial.funnels)
        (seed, updates) = (trial.seed, trial.updates)
        (self.seconds, self.scores, self.field) = (seconds, scores, field)
    }

    var pair: String { "\(dimensions),\(funnels)" }
}

/// Results as a table, as JSON and as a page.
struct CriticsReport {
    let results: [CriticResult]

    /// The results of one method on pairs of one kind, over all seeds.
    struct Group {
        let results: [CriticResult]

        var first: CriticResult { results[0] }

        var published: PublishedScores? {
            PublishedScores(
                of: first.method, dimensions: first.dimensions, funnels: first.funnels)
        }

        func mean(_ value: (CriticScores) -> Double) -> Double {
            results.reduce(0) { $0 + value($1.scores) } / Double(results.count)
        }

        /// The mean, and half the width of its interval where there are several seeds.
        func text(_ value: (CriticScores) -> Double) -> String {
            let score = Score(
                metric: "", split: nil, values: results.map { value($0.scores) })
            let mean = String(format: "%.3f", score.mean)
            return score.halfWidth.map { mean + String(format: " ± %.3f", $0) } ?? mean
        }
    }

    init(_ results: [CriticResult]) { self.results = results }

    /// By pair and method, in the order of the command line.
    var groups: [Group] {
        var groups: [Group] = []
        for result in results {
            let place = groups.firstIndex {
                ($0.first.pair, $0.first.method) == (result.pair, result.method)
            }
            if let place {
                groups[place] = Group(results: groups[place].results + [result])
            } else {
                groups.append(Group(results: [result]))
            }
        }
        return groups
    }

    private static let heads = [
        "D,N", "method", "updates", "cos", "published", "L2", "estimate/W₁", "published", "slope",
        "cos uniform", "s",
    ]

    private var rows: [[String]] {
        groups.map { group in
            let number = { (value: Double?) in value.map { String(format: "%.3f", $0) } ?? "–" }
            let hasUniform = group.results.allSatisfy { $0.scores.uniformCosine != nil }
            let seconds = group.results.reduce(0) { $0 + $1.seconds } / Double(group.results.count)
            return [
                group.first.pair, group.first.method, "\(group.first.updates)",
                group.text(\.cosine), number(group.published?.cosine), group.text(\.squaredError),
                group.text(\.ratio), number(group.published?.ratio), group.text(\.largestSlope),
                hasUniform ? group.text { $0.uniformCosine ?? 0 } : "–",
                String(format: "%.0f", seconds),
            ]
        }
    }

    /// A line for each method on each pair.
    var text: String {
        TextTable(.trailing, .leading, .trailing, heading: Self.heads, rows: rows).description
    }

    /// One object for each trial, in an array.
    func json() throws -> String {
        String(decoding: try JSONEncoder.sorted.encode(results), as: UTF8.self)
    }

    /// A page with the table and figures.
    var html: String {
        HTMLWriter.page("Critics against known distances") { page in
            page.element("header") { page in
                page.element("h1", text: "Critics against known distances")
                page.element("p", text: Self.explanation)
            }
            page.element("h2", text: "Scores")
            page.element("div", ["class": "card"]) { page in
                page.element("table") { table(into: &$0) }
            }
            if Set(results.map(\.dimensions)).count > 1 {
                page.element("h2", text: "By dimension")
                page.element("div", ["class": "figures"]) { page in
                    for figure in charts { page.element("figure") { $0.raw(figure.svg) } }
                }
            }
            let fields = fields
            guard !fields.isEmpty else { return }
            page.element("h2", text: "In the plane")
            page.element("p", text: Self.planeExplanation)
            page.element("div", ["class": "figures"]) { page in
                for figure in fields { page.element("figure") { $0.raw(figure.svg) } }
            }
        }
    }

    private static let explanation = """
        Each method learned a critic of pairs of distributions whose distance W₁ and optimal \
        critic are known exactly. The cosine is that between its gradient and the right one where \
        a generator would be pushed (1 is right), L2 the mean square of their difference (0 is \
        right), the slope the largest that was seen: an estimate above W₁ is bought with it. \
        Published numbers, one seed each, are of other draws of such pairs (Korotin, Kolesov and \
        Burnaev 2022, arXiv:2206.07767).
        """

    private static let planeExplanation = """
        Level lines of the critics of the first pair of the plane, with arrows where a generator \
        would be pushed. The optimal critic falls with slope 1 from the centre of each funnel.
        """

    private func table(into page: inout HTMLWriter) {
        page.element("thead") { page in
            page.element("tr") { page in
                for (place, head) in Self.heads.enumerated() {
                    page.element(
                        "th", ["scope": "col", "class": Self.cellClass(place)], text: head)
                }
            }
        }
        page.element("tbody") { page in
            for row in rows {
                page.element("tr") { page in
                    for (place, cell) in row.enumerated() {
                        page.element("td", ["class": Self.cellClass(place)], text: cell)
                    }
                }
            }
        }
    }

    /// All but the pair's and the method's names are numbers.
    private static func cellClass(_ column: Int) -> String { column < 2 ? "name" : "number" }

    /// The cosine and the estimate over the dimension, a curve for each method.
    private var charts: [LineChart] {
        let methods = groups.map(\.first.method).unique
        func chart(
            _ title: String, _ range: ClosedRange<Double>, _ value: (CriticScores) -> Double
        ) -> LineChart {
            LineChart(
                title,
                series: methods.map { method in
                    let points = groups.filter { $0.first.method == method }.map {
                        SIMD2(log2(Double($0.first.dimensions)), $0.mean(value))
                    }
                    return .init(method, points: points.sorted { $0.x < $1.x })
                },
                xAxis: Axis("log₂ of the dimension"), yAxis: Axis(title, range: range),
                reference: .init(y: 1), size: FigureSize(400, 300))
        }
        return [
            chart("cosine", -0.2...1.05, \.cosine),
            chart("estimate / W₁", 0...2, { min($0.ratio, 2) }),
        ]
    }

    /// The truth and each method's critic, of the first pair of the plane.
    private var fields: [FieldPlot] {
        guard let first = results.first(where: { $0.field != nil }) else { return [] }
        let shown = results.filter {
            ($0.pair, $0.seed) == (first.pair, first.seed) && $0.field != nil
        }
        return ([(first.field!.truth, "optimal")] + shown.map { ($0.field!.learned, $0.method) })
            .map { $0.plot($1) }
    }
}

extension Array where Element: Hashable {
    /// Without repetitions, in the order of their first places.
    fileprivate var unique: [Element] {
        var known: Set<Element> = []
        return filter { known.insert($0).inserted }
    }
}

/// A critic of a pair in the plane, and the optimal one, on a grid over the cube.
struct CriticField: Sendable {
    /// Scores on the grid, and where a generator would be pushed.
    struct Values: Sendable {
        let scores: [Double]
        let arrows: [FieldPlot.Arrow]
        let centres: [SIMD2<Double>]

        func plot(_ title: String) -> FieldPlot {
            FieldPlot(
                title, xs: grid(CriticField.cells), ys: grid(CriticField.cells), values: scores,
                arrows: arrows, points: centres, size: FigureSize(340, 340))
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
        let centres = (0..<pair.funnels).map {
            SIMD2(pair.centres[2 * $0], pair.centres[2 * $0 + 1])
        }
        let arrows = { (slopes: [Double]) in
            places.enumerated().map { number, place in
                FieldPlot.Arrow(
                    at: place, direction: SIMD2(slopes[2 * number], slopes[2 * number + 1]))
            }
        }
        learned = Values(scores: scores, arrows: arrows(slopes), centres: centres)
        truth = Values(
            scores: points.map { -pair.potential(at: [$0.x, $0.y]) },
            arrows: arrows(
                places.flatMap { pair.ray(through: [$0.x, $0.y]).direction.map { -$0 } }),
            centres: centres)
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
