import CPUExecutor
import NeuralNetworks
import Testing

@testable import WGAN

@Suite("Warnings about critics")
struct CriticWarningTests {
    /// An audit in which little but these numbers matters.
    private func audit(
        estimate: Double, slope: Double, exact: Double, floor: Double
    ) -> CriticAudit {
        CriticAudit(
            sampleCount: 100, estimatesWasserstein: true, estimate: estimate, exactW1: exact,
            floorW1: floor, slicedW1: exact,
            largestPairSlope: slope, gradientNorms: GradientNorms([slope, slope]),
            spectralNorms: [], shareAtBound: nil)
    }

    @Test("a critic that tells nothing of a plain distance for long is stuck, and told why")
    func stuck() throws {
        let audit = audit(estimate: 0.006, slope: 0.31, exact: 0.64, floor: 0.15)
        let verdict = try #require(audit.stuckVerdict(estimateForLong: 0.009))
        #expect(verdict.contains("slope of 0.31, was 5 % of the exact distance 0.64"))
        #expect(audit.stuckVerdict(estimateForLong: -0.1) != nil)
    }

    @Test(
        "a critic is not stuck that told or tells enough, has nothing to tell, or is only flat",
        arguments: [
            (0.006, 0.31, 0.64, 0.15, 0.03), (0.06, 0.31, 0.64, 0.15, 0.009),
            (0.006, 0.31, 0.2, 0.15, 0.009), (0.0006, 0.003, 0.64, 0.15, 0.0006),
        ])
    func sound(
        estimate: Double, slope: Double, exact: Double, floor: Double, forLong: Double
    ) {
        let audit = audit(estimate: estimate, slope: slope, exact: exact, floor: floor)
        #expect(audit.stuckVerdict(estimateForLong: forLong) == nil)
    }

    /// Trains and asks for the verdict, with the mean estimate of the last quarter.
    private func verdict(_ trainer: Trainer, steps: Int) throws -> String? {
        var estimates: [Double] = []
        try trainer.train(to: steps) { trainer in
            if trainer.step > steps * 3 / 4 { estimates.append(trainer.losses.scoreDifference) }
        }
        return try trainer.stuckVerdict(
            estimateForLong: estimates.reduce(0, +) / Double(estimates.count))
    }

    @Test("a critic that learns next to nothing while its generator runs away is found")
    func lame() throws {
        let trainer = try SmallTraining().trainer { setup in
            setup.criticOptimiser = Adam(learningRate: 1e-9, beta1: 0, beta2: 0.9)
            setup.constraint = CombinedConstraint([])
        }
        #expect(try verdict(trainer, steps: 3000) != nil)
    }

    @Test("Glorot's weights under the exact norm can get stuck; the preset's settings then do not")
    func seed103() throws {
        let stuck = try SmallTraining(
            initialisation: .xavier, constraint: SpectralProjection(method: .exact), seed: 103
        ).trainer()
        #expect(try verdict(stuck, steps: 3000) != nil)
        let sound = try SmallTraining(constraint: SpectralProjection(), seed: 103).trainer()
        #expect(try verdict(sound, steps: 3000) == nil)
    }

    @Test("too short a training, a conditional and a classical one are not judged")
    func notJudged() throws {
        let short = try SmallTraining().trainer()
        try short.train(to: 600)
        #expect(try short.stuckVerdict(estimateForLong: -1) == nil)
        let classical = try SmallTraining().trainer { $0.objective = ClassicalObjective() }
        try classical.train(to: 2600)
        #expect(try classical.stuckVerdict(estimateForLong: -1) == nil)
    }

    private func configured(_ settings: [String]) throws -> Trainer {
        let configuration = try configuration(smallYAML, settings)
        return try Trainer(
            configuration.setup,
            data: configuration.data.source(batchSize: 8, seed: 0, folder: nil),
            on: CPUDevice(threads: 1))
    }

    @Test(
        "a first slope far from the penalty's target is told, with its side",
        arguments: [
            ("{normal: 9}", "gradientPenalty", "losses will be huge"),
            ("{normal: 9}", "{combined: [clipping, dragan]}", "losses will be huge"),
            ("{normal: 1e-3}", "gradientPenalty", "begins nearly flat"),
            ("pyTorch", "{gradientPenalty: {target: 1e-3}}", "losses will be huge"),
        ])
    func firstSlope(initialisation: String, constraint: String, words: String) throws {
        let trainer = try configured([
            "critic.initialisation=\(initialisation)", "constraint=\(constraint)",
        ])
        #expect(try trainer.slopeWarning()?.contains(words) == true)
    }

    @Test(
        "a usual first slope is not, nor one where nothing is wanted of it",
        arguments: ["gradientPenalty", "r1", "clipping", "{gradientPenalty: {target: 0}}"])
    func usualSlope(constraint: String) throws {
        #expect(try configured(["constraint=\(constraint)"]).slopeWarning() == nil)
    }

    @Test(
        "no preset in the plane begins with a warning",
        arguments: try Presets.all.filter { preset in
            try TrainingConfiguration(preset.document()).data.distribution != nil
        }.map(\.name))
    func presets(name: String) throws {
        let configuration = try TrainingConfiguration(Presets.named(name).document())
        let trainer = try Trainer(
            configuration.setup,
            data: configuration.data.source(
                batchSize: configuration.setup.batchSize, seed: 0, folder: nil),
            on: CPUDevice(threads: 1))
        #expect(try trainer.slopeWarning() == nil)
    }
}
