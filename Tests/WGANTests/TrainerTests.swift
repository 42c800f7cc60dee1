import NeuralNetworks
import TensorGraph
import Testing
import WGAN

@Suite("The trainer")
struct TrainerTests {
    @Test("gives the same bits for the same seed, and others for another")
    func seeds() throws {
        let weights = try [UInt64(4), 4, 5].map { seed in
            let trainer = try SmallTraining(seed: seed).trainer()
            try trainer.train(to: 40)
            let parameter = try #require(trainer.parameters["generator.0.weight"])
            return trainer.value(of: parameter).map(\.bitPattern)
        }
        #expect(weights[0] == weights[1])
        #expect(weights[0] != weights[2])
    }

    @Test("reports values in the order of their names")
    func reportValues() throws {
        let trainer = try SmallTraining().trainer()
        try trainer.train(to: 5)
        #expect(
            trainer.losses.values
                == StepLosses.quantities.map { trainer.losses[keyPath: $0.value] })
        let count = StepLosses.recordedNames(of: trainer.setup).count
        #expect(count < StepLosses.quantities.count)
        #expect(Set(trainer.losses.values.prefix(count)).count == count)
    }

    @Test("goes on where it stopped: two legs give the bits of one")
    func legs() throws {
        let (whole, parts) = (try SmallTraining().trainer(), try SmallTraining().trainer())
        try whole.train(to: 60)
        try parts.train(to: 25)
        _ = try parts.sample(300)
        try parts.train(to: 60)
        #expect(try whole.sample(50).map(\.bitPattern) == parts.sample(50).map(\.bitPattern))
        #expect(whole.losses == parts.losses)
    }

    @Test("counts the updates that the schedule asks for")
    func counts() throws {
        let alternating = try SmallTraining().trainer()
        try alternating.train(to: 11)
        #expect(alternating.generatorUpdates == 2)
        #expect(alternating.criticUpdates == 9)
        let fixed = try SmallTraining(schedule: .fixed(iterations: 3)).trainer()
        try fixed.train(to: 4)
        #expect(fixed.generatorUpdates == 4)
        #expect(fixed.criticUpdates == 12)
    }

    @Test("keeps every critic weight within the clip bound after each step")
    func clipping() throws {
        let trainer = try SmallTraining(constraint: WeightClipping(bound: 0.02)).trainer()
        try trainer.train(to: 12) { trainer in
            guard trainer.criticUpdates > 0 else { return }
            for parameter in trainer.parameters.trainable(in: "critic") {
                #expect(trainer.value(of: parameter).allSatisfy { abs($0) <= 0.02 })
            }
        }
    }

    @Test("the sign convention flips the losses and changes nothing else")
    func signs() throws {
        let reports = try SignConvention.allCases.map { convention in
            let trainer = try SmallTraining().trainer { setup in
                setup.signs = convention
                // A mirrored critic begins mirrored: its last layer with the other sign.
                setup.critic = Mirrored(
                    network: setup.critic, sign: convention == .realScoresHigh ? 1 : -1)
            }
            try trainer.train(to: 30)
            return trainer.losses
        }
        #expect(abs(reports[0].criticLoss - reports[1].criticLoss) < 1e-6)
        #expect(abs(reports[0].scoreDifference - reports[1].scoreDifference) < 1e-6)
        #expect(abs(reports[0].criticOnReal + reports[1].criticOnReal) < 1e-6)
    }

    @Test("the first of many samples are those of few, and a seed always means the same")
    func samples() throws {
        let trainer = try SmallTraining().trainer()
        let (few, many) = (try trainer.sample(30, seed: 9), try trainer.sample(730, seed: 9))
        #expect(few.count == 60 && many.count == 1460)
        #expect(Array(many.prefix(60)) == few)
        #expect(try trainer.sample(30, seed: 8) != few)
    }

    @Test("samples with averaged weights where the setup asks for averages")
    func averages() throws {
        let plain = try SmallTraining().trainer()
        let averaged = try SmallTraining().trainer { setup in
            setup.averaging = ExponentialMovingAverage(decay: 0.9)
        }
        try plain.train(to: 50)
        try averaged.train(to: 50)
        let weight = try #require(averaged.parameters["generator.0.weight"])
        #expect(averaged.value(of: weight) == plain.value(of: weight))
        #expect(try averaged.sample(10) != plain.sample(10))
    }

    @Test("stops at the step at which a loss stops being a number, and names it")
    func nonFinite() throws {
        let optimiser = SGD(learningRate: 1e30)
        let training = SmallTraining(
            constraint: CombinedConstraint([]), optimiser: optimiser,
            schedule: .fixed(iterations: 1))
        let trainer = try training.trainer()
        #expect {
            try trainer.train(to: 50)
        } throws: { error in
            guard case TrainingError.nonFinite(let step, _)? = error as? TrainingError else {
                return false
            }
            return step == trainer.step + 1 && "\(error)".contains("step \(step)")
        }
    }

    @Test("refuses a generator whose samples are not like the data, naming both shapes")
    func shapes() throws {
        #expect {
            _ = try SmallTraining().trainer { setup in setup.generator = setup.critic }
        } throws: { "\($0)".contains("[200, 1]") && "\($0)".contains("[200, 2]") }
    }
}

/// A network whose result is multiplied with a sign.
private struct Mirrored: Layer {
    let network: any Layer
    let sign: Double

    func callAsFunction(_ x: Tensor, _ pass: inout ForwardPass) -> Tensor {
        Tensor(sign) * network(x, &pass)
    }
}
