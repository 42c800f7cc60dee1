import NeuralNetworks
import TensorGraph
import Testing
import WGAN

/// A training on tiny images in which all that can draw random numbers does.
struct DrawingTraining: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let constraint: any LipschitzConstraint
    var objective: any Objective = WassersteinObjective()

    static let all = [
        Self(testDescription: "gradient penalty", constraint: GradientPenalty()),
        Self(
            testDescription: "penalty around the data",
            constraint: GradientPenalty(points: .aroundData)),
        Self(
            testDescription: "two penalties of pairs",
            constraint: CombinedConstraint([
                GradientPenalty(points: .real), GradientPenalty(points: .interpolates),
            ]),
            objective: RelativisticObjective()),
        Self(
            testDescription: "spectral norms from fresh vectors",
            constraint: CombinedConstraint([
                SpectralReparametrisation(method: .freshVector(iterations: 1)),
                SpectralProjection(method: .freshVector(iterations: 1)), GradientPenalty(),
            ])),
    ]

    /// - Parameter mixes: Whether the critic's scores depend on the rest of the batch.
    func setup(mixes: Bool) -> TrainingSetup {
        var store = ParameterStore(initialisation: .normal(deviation: 1))
        let generator = store.scoped("generator") { store in
            Sequential(
                in: &store,
                [
                    { Linear(3, 16, in: &$0) }, { _ in Dropout(0.5) },
                    { _ in Reshape(channels: 1, height: 4, width: 4) },
                ])
        }
        let critic = store.scoped("critic") { store in
            Sequential(
                in: &store,
                (mixes ? [{ _ in MinibatchStandardDeviation(group: 2) }] : []) + [
                    { _ in Flatten() }, { _ in Dropout(0.5) },
                    { Linear(mixes ? 32 : 16, 4, in: &$0) }, { _ in Dropout(0.5) },
                    { Linear(4, 1, in: &$0) },
                ])
        }
        var setup = TrainingSetup(
            latent: Latent(size: 3), generator: generator, critic: critic, parameters: store,
            constraint: constraint, optimiser: SGD(learningRate: 0.1), batchSize: 4)
        setup.objective = objective
        setup.augmentation = Augmentation([Brightness(), Translation(), Cutout()])
        return setup
    }
}

@Suite("Random numbers of an update")
struct RandomStreamTests {
    @Test("no two draws share a stream", arguments: DrawingTraining.all, [false, true])
    func distinct(training: DrawingTraining, mixes: Bool) throws {
        let setup = training.setup(mixes: mixes)
        var store = setup.parameters
        let shape: Shape = [4, 4, 1]
        let programs = [
            try CriticStep(setup, sampleShape: shape, in: &store).program,
            try GeneratorStep(setup, sampleShape: shape, in: &store).program,
        ]
        let streams = programs.map { program in
            program.instructions.compactMap { ($0.operation as? RandomNumbers)?.stream }
        }
        #expect(streams[0].count >= 8 && streams[1].count >= 5)
        let all = streams.flatMap(\.self)
        #expect(Set(all).count == all.count, "\(streams)")
    }
}
