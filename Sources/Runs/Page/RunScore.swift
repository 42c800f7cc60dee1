import Foundation

/// One measure of a run's samples, as `wgan evaluate` has left it.
package struct RunScore: Sendable {
    /// The measure and, where there is one, the part of the data: `fid (test)`.
    package let name: String
    package let mean: Double
    /// The value of each sampling seed.
    package let values: [Double]

    /// Those of a run; none where it was not evaluated.
    package static func all(of run: RunFolder) -> [RunScore] {
        let evaluation = (try? run.decoded(RunPage.evaluationPath)) as JSONValue?
        return (evaluation?["scores"]?.list ?? []).compactMap { score in
            guard let metric = score["metric"]?.shown, let mean = score["mean"]?.double else {
                return nil
            }
            let split = score["split"].map { " (\($0.shown))" } ?? ""
            return RunScore(
                name: metric + split, mean: mean,
                values: score["perSeed"]?.list?.compactMap(\.double) ?? [mean])
        }
    }
}
