package import Datasets
package import Figures
import Philox
import WGAN

/// Draws the data before training, then real against generated points: snapshots on the way, as
/// vectors and as pixels, and the end.
struct SnapshotObserver: TrainingObserver {
    private static let generatedCount = 1000

    private let steps: Set<Int>
    private let view: PointView
    private let run: RunFolder
    private let journal: RunJournal

    /// Snapshots after these numbers of steps.
    init(at steps: [Int], _ view: PointView, in run: RunFolder, _ journal: RunJournal) {
        (self.steps, self.view, self.run, self.journal) = (Set(steps), view, run, journal)
    }

    func began(_ trainer: Trainer) throws {
        try run.removePictures(in: "figures", after: trainer.step)
        try run.removePictures(in: "samples", after: trainer.step)
        try run.write(figure: view.background("real samples"), at: "figures/data")
        try stepped(trainer)
    }

    func needsState(of trainer: Trainer, atStep step: Int) -> Bool { steps.contains(step) }

    func stepped(_ trainer: Trainer) throws {
        guard steps.contains(trainer.step) else { return }
        let figure = try figure(trainer)
        try run.write(try figure.pdfData(), at: "figures/step-\(padded(trainer.step)).pdf")
        try journal.keep(samples: try figure.pngData(scale: 1), step: trainer.step)
    }

    func ended(_ trainer: Trainer) throws {
        try run.write(figure: try figure(trainer), at: "figures/samples")
    }

    private func figure(_ trainer: Trainer) throws -> Scatter {
        view.scatter(try trainer.sample(Self.generatedCount), step: trainer.step)
    }
}

/// How points of the plane are shown: fixed real ones in blue under generated ones in red.
package struct PointView {
    /// The real points.
    package let real: [SIMD2<Double>]
    /// The axes reach from minus this to this.
    package let limit: Double
    private let axes: (x: Axis, y: Axis)
    private let name: String

    /// `realCount` fixed real points; the axes reach as far as they do.
    package init(
        _ distribution: any PointDistribution, seed: UInt64, name: String, realCount: Int = 1000
    ) {
        var random = RandomStream(seed: seed, stream: ReservedStream.shownPoints)
        real = points(distribution.sample(realCount, using: &random))
        self.name = name
        let largest = real.flatMap { [abs($0.x), abs($0.y)] }.max() ?? 1
        // Generated points are often a little farther out.
        limit = Self.rounded(1.1 * largest)
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
    package func background(_ title: String) -> Scatter {
        Scatter(
            title,
            series: [.init("real", points: real, colour: .blue, opacity: 0.3, radius: 2.5)],
            xAxis: axes.x, yAxis: axes.y)
    }

    /// Real and generated points after a number of steps.
    func scatter(_ generated: [Float], step: Int) -> Scatter {
        var figure = background("\(name), step \(step)")
        figure.series.append(
            .init("generated", points: points(generated), colour: .red, opacity: 0.5, radius: 2.5))
        return figure
    }
}

/// Pairs of coordinates as points.
package func points(_ coordinates: [Float]) -> [SIMD2<Double>] {
    stride(from: 0, to: coordinates.count - 1, by: 2).map {
        SIMD2(Double(coordinates[$0]), Double(coordinates[$0 + 1]))
    }
}
