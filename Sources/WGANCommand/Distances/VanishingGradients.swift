import Figures
import Foundation
import OptimalTransport
import Runs
import TensorGraph
import WGAN

/// What a classifier and a Wasserstein critic, trained to their best, tell a generator whose
/// samples are far from the data.
///
/// Both see the same two Gaussians on the line, of which the generated one cannot move.
///
/// Source: after figure 2 of Arjovsky et al. 2017, arXiv:1701.07875.
struct VanishingGradients {
    /// The centres of the data and of the generated samples, and the deviation of both.
    static let (real, generated, deviation) = (-2.0, 2.0, 0.5)
    private static let places = (-250...250).map { Double($0) / 50 }

    private let classifier: CriticOnLine.Curve
    private let critic: CriticOnLine.Curve

    /// Trains a classifier and a critic to tell the two Gaussians apart, and notes what they say.
    ///
    /// - Parameter threads: Nil for one on each processor.
    init(threads: Int?) throws {
        let curve = { (objective: any Objective) in
            try CriticOnLine(objective, threads: threads).curve(at: Self.places)
        }
        (classifier, critic) = (try curve(ClassicalObjective()), try curve(WassersteinObjective()))
    }

    /// The probability with which the classifier takes each place for real.
    private var probabilities: [Double] { classifier.scores.map { 1 / (1 + exp(-$0)) } }

    /// The size of the classical generator's gradient, of log(1 − D), at each place.
    private var classicalGradients: [Double] {
        zip(probabilities, classifier.slopes).map { abs($0 * $1) }
    }

    /// The critic's scores, moved to be zero halfway.
    private var scores: [Double] {
        let middle = critic.scores[Self.places.count / 2]
        return critic.scores.map { $0 - middle }
    }

    var figure: Panels {
        let density = { (centre: Double) in
            Self.places.map { exp(-pow(($0 - centre) / Self.deviation, 2) / 2) }
        }
        let size = FigureSize(560, 340)
        let densities: [LineChart.Series] = [
            .init("data", x: Self.places, y: density(Self.real), colour: .grey),
            .init("generated", x: Self.places, y: density(Self.generated), colour: .orange),
        ]
        let values = LineChart(
            "What each says of a sample",
            series: densities + [
                .init("classifier D(x)", x: Self.places, y: probabilities, colour: .blue),
                .init("critic f(x) / 4", x: Self.places, y: scores.map { $0 / 4 }, colour: .red),
            ], xAxis: Axis("x"), yAxis: Axis("density (scaled), D, f / 4"), size: size)
        let gradients = LineChart(
            "How strongly it moves a sample",
            series: densities + [
                .init(
                    "classifier, |∇ log(1 − D)|", x: Self.places, y: classicalGradients,
                    colour: .blue),
                .init(
                    "critic, |∇f|", x: Self.places, y: critic.slopes.map { abs($0) }, colour: .red),
            ], xAxis: Axis("x"), yAxis: Axis("density (scaled), gradient", range: -0.05...2),
            size: size)
        return Panels([values, gradients], columns: 2)
    }

    /// The mean size of the gradient over generated samples.
    private func mean(_ gradients: [Double]) -> Double {
        let weights = Self.places.map { exp(-pow(($0 - Self.generated) / Self.deviation, 2) / 2) }
        let sum = zip(weights, gradients).reduce(0) { $0 + $1.0 * $1.1 }
        return sum / weights.reduce(0, +)
    }

    var json: JSONValue {
        .object([
            "classifier": .number(mean(classicalGradients)),
            "critic": .number(mean(critic.slopes.map { abs($0) })),
        ])
    }

    var text: String {
        "mean gradient at a generated sample: classifier "
            + mean(classicalGradients).formatted(significantDigits: 3) + ", critic "
            + mean(critic.slopes.map { abs($0) }).formatted(significantDigits: 3)
    }
}

/// Four distances between two parallel segments, over the distance θ that they are apart.
///
/// The Wasserstein distance is solved for points of the segments, not taken from its formula; the
/// divergences are those of histograms with one bin for each place of a segment.
struct ParallelLinesFigure {
    private static let pointCount = 32
    /// Where the second segment stands, symmetric around zero, which is one of the places.
    private static let places = (-20...20).map { Double($0) / 20 }

    let figure: Panels

    init() throws {
        let divergences = try Self.places.map { try Self.divergences(at: $0) }
        func series(_ value: (Divergences) -> Double) -> [SIMD2<Double>] {
            zip(Self.places, divergences).map { SIMD2($0, value($1)) }
        }
        let transport = try Self.places.map { SIMD2($0, try Self.wasserstein(at: $0)) }
        figure = Panels(
            [
                Self.panel("Wasserstein distance W₁", "W₁", transport),
                Self.panel("Total variation", "TV", series(\.totalVariation)),
                Self.panel("Jensen–Shannon divergence", "JS", series(\.jensenShannon)),
                Self.panel("Kullback–Leibler: ∞ but at 0", "KL", series(\.kullbackLeibler)),
            ], columns: 4)
    }

    private static func panel(
        _ title: String, _ label: String, _ points: [SIMD2<Double>]
    ) -> Scatter {
        Scatter(
            title, series: [.init("", points: points, colour: .blue, opacity: 1, radius: 3)],
            xAxis: Axis("θ", range: -1.05...1.05), yAxis: Axis(label, range: -0.06...1.1),
            equalAspect: false, size: FigureSize(300, 280))
    }

    /// The exact distance between points of both segments.
    private static func wasserstein(at offset: Double) throws -> Double {
        let segment = { (x: Double) in
            (0..<pointCount).flatMap { [x, (Double($0) + 0.5) / Double(pointCount)] }
        }
        return try exactWasserstein1(segment(0), segment(offset), dimensions: 2)
    }

    /// The divergences of two histograms over all places.
    private static func divergences(at offset: Double) throws -> Divergences {
        let histogram = { (place: Double) in places.map { $0 == place ? 1.0 : 0 } }
        return try Divergences(histograms: histogram(0), histogram(offset))
    }
}
