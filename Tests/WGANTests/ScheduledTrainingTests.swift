import NeuralNetworks
import StrictYAML
import TensorGraph
import Testing
import WGAN

@Suite("Trainings whose settings change on the way")
struct ScheduledTrainingTests {
    @Test("a learning rate that changes with the samples is the one that the update is made with")
    func learningRate() throws {
        // From 1 to 3 over two batches of the critic: the second update is twice the first one's.
        let training = SmallTraining(
            constraint: CombinedConstraint([]),
            optimiser: SGD(learningRate: .linear(from: 1e-3, to: 3e-3, over: 400)),
            schedule: .fixed(iterations: 1))
        let plain = SmallTraining(
            constraint: CombinedConstraint([]), optimiser: SGD(learningRate: 2e-3),
            schedule: .fixed(iterations: 1))
        let (changing, constant) = (try training.trainer(), try plain.trainer())
        try changing.train(to: 1)
        #expect(try constant.restore(changing.state) == [])
        try changing.train(to: 2)
        try constant.train(to: 2)
        for parameter in changing.parameters.trainable(in: "critic") {
            #expect(changing.value(of: parameter) == constant.value(of: parameter))
        }
        for parameter in changing.parameters.trainable(in: "generator") {
            #expect(changing.value(of: parameter) != constant.value(of: parameter))
        }
    }

    @Test("a penalty in every third update counts three times there, and not at all elsewhere")
    func lazyPenalty() throws {
        let optimiser = SGD(learningRate: 1e-2)
        let trainer = { (constraint: any LipschitzConstraint, interval: Int) in
            try SmallTraining(
                constraint: constraint, optimiser: optimiser, schedule: .fixed(iterations: 1)
            ).trainer { $0.penaltyInterval = interval }
        }
        let lazy = try trainer(GradientPenalty(coefficient: 10), 3)
        let heavy = try trainer(GradientPenalty(coefficient: 30), 1)
        let free = try trainer(CombinedConstraint([]), 1)
        for step in 0..<5 {
            let partner = step % 3 == 0 ? heavy : free
            _ = try partner.restore(lazy.state)
            let former = lazy.losses.penalty
            try lazy.train(to: step + 1)
            try partner.train(to: step + 1)
            let (found, expected) = (lazy.losses, partner.losses)
            #expect(abs(found.criticLoss - expected.criticLoss) < 1e-4 * abs(expected.criticLoss))
            if step % 3 == 0 {
                #expect(abs(3 * found.penalty - expected.penalty) < 1e-4 * expected.penalty)
            } else {
                #expect(found.penalty == former && found.criticLoss == -found.scoreDifference)
            }
            for parameter in lazy.parameters.trainable(in: "critic") {
                let pairs = zip(lazy.value(of: parameter), partner.value(of: parameter))
                #expect(pairs.allSatisfy { abs($0 - $1) < 1e-5 }, "\(parameter.name)")
            }
        }
    }

    @Test("a coefficient that changes is that of the update")
    func coefficient() throws {
        let trainer = { (coefficient: ScheduledNumber) in
            try SmallTraining(
                constraint: GradientPenalty(coefficient: coefficient),
                schedule: .fixed(iterations: 1)
            ).trainer()
        }
        let changing = try trainer(.linear(from: 2, to: 6, over: 400))
        let constant = try trainer(4)
        try changing.train(to: 1)
        _ = try constant.restore(changing.state)
        try changing.train(to: 2)
        try constant.train(to: 2)
        #expect(changing.losses == constant.losses)
    }

    @Test("averages with a half-life begin anew with the first update, and then remember")
    func halfLife() throws {
        let trainer = try SmallTraining(schedule: .fixed(iterations: 1)).trainer {
            $0.averaging = ExponentialMovingAverage(halfLife: 800, rampUp: 0.5)
        }
        let weight = try #require(trainer.parameters["generator.0.weight"])
        let average = try #require(trainer.parameters["ema.generator.0.weight"])
        try trainer.train(to: 1)
        #expect(trainer.value(of: average) == trainer.value(of: weight))
        let old = trainer.value(of: average)
        try trainer.train(to: 2)
        // Of the 200 samples before, half is the half-life: a batch of 200 keeps a quarter.
        let expected = zip(old, trainer.value(of: weight)).map { 0.25 * $0 + 0.75 * $1 }
        #expect(zip(expected, trainer.value(of: average)).allSatisfy { abs($0 - $1) < 1e-6 })
    }

    @Test("every setting that may change is read, written and read again")
    func reading() throws {
        let course = "{linear: {from: 0.2, to: 0.1, samples: 40}}"
        let expected = ScheduledNumber.linear(from: 0.2, to: 0.1, over: 40)
        let first = try configuration(
            smallYAML, "critic.optimiser={adam: {learningRate: \(course), beta2: \(course)}}",
            "constraint={gradientPenalty: {coefficient: \(course)}}", "penaltyInterval=4",
            "averaging={halfLife: \(course), rampUp: 0.05}")
        for training in [first, try configuration(first.resolvedYAML)] {
            let setup = training.setup
            let optimiser = try #require(setup.criticOptimiser as? Adam)
            #expect(optimiser.learningRate == expected && optimiser.beta2 == expected)
            #expect((setup.constraint as? GradientPenalty)?.coefficient == expected)
            #expect(setup.penaltyInterval == 4)
            #expect(
                setup.averaging == ExponentialMovingAverage(halfLife: expected, rampUp: 0.05))
        }
        let gamma = try configuration(smallYAML, "constraint={r1: {gamma: \(course)}}")
        #expect(
            (gamma.setup.constraint as? GradientPenalty)?.coefficient
                == .linear(from: 0.1, to: 0.05, over: 40))
    }

    @Test(
        "settings that do not fit are refused at their place",
        arguments: [
            (
                ["penaltyInterval=4"],
                "'penaltyInterval' is 4, and the constraint has no penalty; remove it, or name "
                    + "another constraint"
            ),
            (
                ["averaging={decay: 0.9, rampUp: 0.1}"],
                "'averaging.rampUp' has no effect without a half-life; give 'halfLife' or remove it"
            ),
            (
                ["averaging={decay: 0.9, halfLife: 100}"],
                "'averaging.halfLife' and 'averaging.decay' exclude each other; keep one of them"
            ),
            (
                ["critic.optimiser={sgd: {learningRate: {linear: {from: 1, to: -1, samples: 9}}}}"],
                "'critic.optimiser.sgd.learningRate.linear.to' must be a finite number of at least "
                    + "0, but is -1"
            ),
        ])
    func mistakes(overrides: [String], message: String) {
        #expect {
            _ = try configuration(smallYAML, overrides)
        } throws: { "\($0)".hasSuffix(message) }
    }

    @Test("an interval without a penalty is refused before a training begins")
    func intervalAlone() {
        #expect {
            _ = try SmallTraining().trainer { $0.penaltyInterval = 2 }
        } throws: { "\($0)".contains("needs a constraint with a penalty") }
    }

    /// A penalty that is no gradient penalty.
    private struct Drift: LipschitzConstraint {
        func penalty(
            critic: (Tensor) -> Tensor, real: Tensor, generated: Tensor,
            in context: inout ConstraintContext
        ) -> Tensor? { 1e-3 * critic(real).squared().mean() }
    }

    @Test("any penalty can be one of every few updates, alone or among other constraints")
    func ownPenalties() throws {
        for constraint in [
            Drift(), CombinedConstraint([WeightClipping(bound: 0.1), Drift()]),
        ] as [any LipschitzConstraint] {
            let trainer = try SmallTraining(constraint: constraint).trainer {
                $0.penaltyInterval = 2
            }
            try trainer.train(to: 3)
        }
    }
}
