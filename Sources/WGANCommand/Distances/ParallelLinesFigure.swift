import Figures
import OptimalTransport

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
            title, series: [.init("", points: points, color: .blue, opacity: 1, radius: 3)],
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
