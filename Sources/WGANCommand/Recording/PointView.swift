import Datasets
import Figures
import Philox
import WGAN

/// How points of the plane are shown: fixed real ones in blue under generated ones in red.
struct PointView {
    private static let stream: UInt32 = 1 << 25 + 2

    private let real: [SIMD2<Double>]
    private let axes: (x: Axis, y: Axis)
    private let name: String

    /// `realCount` fixed real points; the axes reach as far as they do.
    init(
        _ distribution: any PointDistribution, seed: UInt64, name: String, realCount: Int = 1000
    ) {
        var random = RandomStream(seed: seed, stream: Self.stream)
        real = points(distribution.sample(realCount, using: &random))
        self.name = name
        let largest = real.flatMap { [abs($0.x), abs($0.y)] }.max() ?? 1
        // Generated points are often a little farther out.
        let limit = Self.rounded(1.1 * largest)
        (axes.x, axes.y) = (Axis("x", range: -limit...limit), Axis("y", range: -limit...limit))
    }

    /// The next of 1, 1.5, 2, 3, 4, 5, 8, 10 times a power of ten: 4 for the two-mode mixture.
    private static func rounded(_ value: Double) -> Double {
        var scale = 1.0
        while scale * 10 < value { scale *= 10 }
        while scale > value, scale > 1e-6 { scale /= 10 }
        return scale * ([1, 1.5, 2, 3, 4, 5, 8, 10].first { $0 * scale >= value } ?? 10)
    }

    /// The real points alone, over which an animation moves.
    func background(_ title: String) -> Scatter {
        Scatter(
            title,
            series: [.init("real", points: real, color: .blue, opacity: 0.3, radius: 2.5)],
            xAxis: axes.x, yAxis: axes.y)
    }

    /// Real and generated points after a number of steps.
    func scatter(_ generated: [Float], step: Int) -> Scatter {
        var figure = background("\(name), step \(step)")
        figure.series.append(
            .init("generated", points: points(generated), color: .red, opacity: 0.5, radius: 2.5))
        return figure
    }
}

/// Pairs of coordinates as points.
func points(_ coordinates: [Float]) -> [SIMD2<Double>] {
    stride(from: 0, to: coordinates.count - 1, by: 2).map {
        SIMD2(Double(coordinates[$0]), Double(coordinates[$0 + 1]))
    }
}
