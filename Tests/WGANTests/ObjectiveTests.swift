import CPUExecutor
import ConfigurationTestSupport
import Foundation
import GraphTestSupport
import NeuralNetworks
import OptimalTransport
import Philox
import TensorGraph
import Testing

@testable import WGAN

@Suite("Objective")
struct ObjectiveTests {
    private func losses(
        _ objective: any Objective, _ signs: SignConvention = .realScoresHigh, real: [Double],
        generated: [Double]
    ) throws -> [Double] {
        let high = signs.upright(.constant(real, [real.count]))
        let low = signs.upright(.constant(generated, [generated.count]))
        return try evaluate([
            objective.criticLoss(real: high, generated: low),
            objective.generatorLoss(real: high, generated: low),
        ]).map { $0[0] }
    }

    /// log(1 + exp(score)).
    private static func softplus(_ score: Double) -> Double { log(1 + exp(score)) }

    @Test("losses of scores that can be computed by hand")
    func byHand() throws {
        let softplus = Self.softplus
        let classical: [Double] = [
            (softplus(-3) + softplus(-5) + softplus(1) + softplus(0)) / 2,
            (softplus(-1) + softplus(0)) / 2,
        ]
        let relativistic: [Double] = [
            (softplus(-2) + softplus(-5)) / 2, (softplus(2) + softplus(5)) / 2,
        ]
        let expected: [String: [Double]] = [
            "wasserstein": [-3.5, -0.5], "classical": classical, "hinge": [1.5, -0.5],
            "relativistic": relativistic,
        ]
        for (name, expected) in expected {
            let found = try losses(objective(name), real: [3, 5], generated: [1, 0])
            for (found, expected) in zip(found, expected) {
                #expect(abs(found - expected) < 1e-12, "\(name)")
            }
        }
    }

    @Test("the mirrored convention gives the same numbers for the mirrored critic")
    func mirrored() throws {
        for kind in ObjectiveCatalogue.all where !(kind is any TransportObjective.Type) {
            let objective = try objective(kind.configurationName)
            #expect(
                try losses(objective, .generatedScoresHigh, real: [-3, -5], generated: [-1, 0])
                    == losses(objective, real: [3, 5], generated: [1, 0]))
        }
    }

    @Test("only the dual form estimates the Wasserstein distance, and says so by its name")
    func estimates() throws {
        for kind in ObjectiveCatalogue.all {
            let trainer = try SmallTraining().trainer {
                $0.objective = try! objective(kind.configurationName)
            }
            try trainer.train(to: 10)
            let isDual =
                kind == WassersteinObjective.self || kind == DiscreteTransportObjective.self
            #expect((trainer.wassersteinEstimate != nil) == isDual)
            #expect(trainer.losses.scoreDifference.isFinite)
            let names = StepLosses.recordedNames(of: trainer.setup)
            #expect(names.contains("wassersteinEstimate") == isDual)
            #expect(names.contains("scoreDifference") != isDual)
            let verdict = try trainer.auditCritic(sampleCount: 20).verdict
            #expect(verdict.contains("estimates no distance") != isDual)
        }
    }

    @Test("discrete transport sets each generated sample against its partner")
    func matching() throws {
        let trainer = try SmallTraining().trainer {
            $0.objective = DiscreteTransportObjective()
            $0.batchSize = 50
            var store = ParameterStore()
            $0.generator = store.scoped("generator") { Linear(2, 2, bias: false, in: &$0) }
            $0.critic = store.scoped("critic") { Linear(2, 1, in: &$0) }
            ($0.parameters, $0.schedule) = (store, .fixed(iterations: 3))
        }
        let weight = try #require(trainer.parameters["generator.weight"])
        try trainer.device.set(weight.variable, to: [1, 0, 0, 1])
        let latents = trainer.setup.latent.sample(
            50, stream: RandomStreams(startingAt: ReservedStream.generatorStep).take())
        let drawing = try trainer.device.compile(Program(outputs: [("latents", latents)]))
        try drawing.run(RandomClock(seed: trainer.setup.seed))
        try trainer.train(to: 1)
        let distance = try exactWasserstein1(
            Array(drawing.output("latents")), Array(trainer.realBatch), dimensions: 2)
        #expect(abs(trainer.losses.generatorLoss - distance) < 1e-5)
    }

    @Test("discrete transport teaches a generator in the plane, whatever the critic is")
    func baseline() throws {
        let trainer = try SmallTraining(schedule: .fixed(iterations: 1)).trainer {
            $0.objective = DiscreteTransportObjective()
        }
        let distance = {
            try exactWasserstein1(
                trainer.sample(500), trainer.realSamples(500), dimensions: 2)
        }
        let before = try distance()
        try trainer.train(to: 200)
        #expect(try distance() < 0.4 * before)
    }

    @Test("discrete transport says of a generator that has failed what any objective says")
    func matchingNothing() throws {
        let trainer = try SmallTraining().trainer { $0.objective = DiscreteTransportObjective() }
        let weight = try #require(trainer.parameters["generator.2.weight"])
        try trainer.device.set(
            weight.variable, to: [Float](repeating: .nan, count: weight.shape.count))
        #expect(throws: TrainingError.self) { try trainer.train(to: 10) }
    }

    @Test("discrete transport knows neither classes nor augmentation")
    func matchingAlone() throws {
        #expect(throws: TrainingError.self) {
            try SmallTraining().trainer {
                $0.objective = DiscreteTransportObjective()
                $0.condition = Condition(classes: 2)
            }
        }
        let error = #expect(throws: (any Error).self) {
            try configuration(
                Presets.named("mnist-conditional").yaml, ["objective=discreteTransport"])
        }
        #expect("\(try #require(error))".contains("condition"))
    }

    /// What an objective with R1 and R2 gives for a network whose numbers a formula makes.
    private struct GoldenCase: Decodable {
        let loss, penalty, generatorLoss: Double
        let gradients: [String: [Double]]
    }

    @Test("losses and gradients with R1 and R2 are PyTorch's in double precision")
    func golden() throws {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("Golden/objectives.json")
        let cases = try JSONDecoder().decode(
            [String: GoldenCase].self, from: Data(contentsOf: file))
        #expect(Set(cases.keys) == Set(ObjectiveCatalogue.all.map { $0.configurationName }))
        for (name, expected) in cases {
            let network = GoldenNetworks()
            let found = try network.losses(objective(name))
            let scalars = (found.loss, found.penalty, found.generatorLoss)
            #expect(abs(scalars.0 - expected.loss) < 1e-12, "\(name)")
            // Ours has 1e-12 under the root of a slope.
            #expect(abs(scalars.1 - expected.penalty) < 1e-11, "\(name)")
            #expect(abs(scalars.2 - expected.generatorLoss) < 1e-12, "\(name)")
            for (parameter, gradient) in expected.gradients {
                let mine = try #require(found.gradients[parameter])
                #expect(mine.count == gradient.count)
                for (mine, gradient) in zip(mine, gradient) {
                    #expect(abs(mine - gradient) < 1e-10, "\(name), \(parameter)")
                }
            }
        }
    }

    @Test("the critic's gradient with a penalty has the derivatives that differences have")
    func finiteDifferences() throws {
        for kind in ObjectiveCatalogue.all {
            let objective = try objective(kind.configurationName)
            let network = GoldenNetworks()
            let gradients = try network.losses(objective).gradients
            for name in ["w1", "b1", "w2"] {
                for element in 0..<3 {
                    let step = 1e-5
                    let sides = try [step, -step].map { change in
                        var moved = network
                        moved.values[name]![element] += change
                        let found = try moved.losses(objective)
                        return found.loss + found.penalty
                    }
                    let slope = (sides[0] - sides[1]) / (2 * step)
                    #expect(abs(slope - gradients[name]![element]) < 1e-8, "\(kind), \(name)")
                }
            }
        }
    }

    @Test("a generator that compares pairs sees the batch of the critic's last update")
    func pairs() throws {
        let setup = { (setup: inout TrainingSetup) in
            setup.objective = RelativisticObjective()
            setup.constraint = CombinedConstraint([GradientPenalty.r1(), GradientPenalty.r2()])
        }
        for schedule in [CriticSchedule.fixed(iterations: 2), .alternating(period: 3)] {
            var training = SmallTraining()
            training.schedule = schedule
            let trainer = try training.trainer(setup)
            try trainer.train(to: 7)
            // Another process that goes on from there has never filled a batch.
            let resumed = try training.trainer(setup)
            _ = try resumed.restore(trainer.state)
            try trainer.train(to: 15)
            try resumed.train(to: 15)
            for parameter in trainer.parameters.parameters {
                #expect(trainer.value(of: parameter) == resumed.value(of: parameter))
            }
        }
    }

    @Test("pairs need as many real samples as generated ones")
    func pairsOfUnequalBatches() throws {
        #expect(throws: TrainingError.self) {
            try SmallTraining().trainer {
                $0.objective = RelativisticObjective()
                $0.criticBatchSize = 100
            }
        }
        let error = #expect(throws: (any Error).self) {
            try configuration(smallYAML, ["objective=relativistic", "criticBatchSize=4"])
        }
        #expect("\(try #require(error))".contains("criticBatchSize"))
    }

    private func objective(_ name: String) throws -> any Objective {
        try configuration(smallYAML, ["objective=\(name)"]).setup.objective
    }
}

/// The networks of Golden/objectives.py.
private struct GoldenNetworks {
    private static let shapes: [(name: String, shape: Shape, offset: Double)] = [
        ("w1", [5, 3], 1), ("b1", [5], 2), ("w2", [1, 5], 3), ("b2", [1], 4), ("g1", [3, 2], 5),
        ("g2", [3], 6),
    ]

    var values = Dictionary(
        uniqueKeysWithValues: shapes.map { ($0.name, numbers($0.shape, $0.offset)) })

    private static func numbers(_ shape: Shape, _ offset: Double) -> [Double] {
        (0..<shape.count).map { 0.8 * sin(1.3 * Double($0) + offset) }
    }

    func losses(_ objective: any Objective) throws -> (
        loss: Double, penalty: Double, generatorLoss: Double, gradients: [String: [Double]]
    ) {
        let p = Dictionary(
            uniqueKeysWithValues: Self.shapes.map {
                ($0.name, Variable($0.name, $0.shape).tensor)
            })
        let score = { (x: Tensor) in
            (x.matmul(p["w1"]!, transposeSecond: true) + p["b1"]!).tanh()
                .matmul(p["w2"]!, transposeSecond: true) + p["b2"]!
        }
        let real = 2 * Tensor.constant(Self.numbers([4, 3], 7), [4, 3])
        let latent = Tensor.constant(Self.numbers([4, 2], 8), [4, 2])
        let generated = latent.matmul(p["g1"]!, transposeSecond: true) + p["g2"]!
        let fixed = generated.stoppingGradient()
        var context = ConstraintContext(store: ParameterStore())
        let constraint = CombinedConstraint([
            GradientPenalty.r1(gamma: 0.7), GradientPenalty.r2(gamma: 0.4),
        ])
        let penalty =
            constraint.penalty(critic: score, real: real, generated: fixed, in: &context) ?? 0
        let scored = { (x: Tensor) in ScoredSamples(samples: x, scores: score(x)) }
        let loss = objective.criticLoss(real: scored(real), generated: scored(fixed))
        let generatorLoss = objective.generatorLoss(
            real: scored(real), generated: scored(generated))
        let names = Self.shapes.map(\.name)
        let slopes =
            gradients(of: loss + penalty, withRespectTo: names.prefix(4).map { p[$0]! })
            + gradients(of: generatorLoss, withRespectTo: names.suffix(2).map { p[$0]! })
        let found = try evaluate([loss, penalty, generatorLoss] + slopes, values)
        return (
            found[0][0], found[1][0], found[2][0],
            Dictionary(uniqueKeysWithValues: zip(names, found.dropFirst(3)))
        )
    }
}
