import NeuralNetworks
import TensorGraph
import WGAN

/// One update of either network, and several with an optimiser, by the product's own trainer.
extension GoldenSession {
    /// Scores and slopes of the critic, losses, penalties, all gradients, and the optimisers' runs.
    mutating func reproduceCriticStep() throws {
        let critic = try network("critic")
        let (real, fake) = (try placeholder("real"), try placeholder("fake"))
        let interpolates = GradientPenalty.interpolates(
            real, fake, mixing: try placeholder("epsilon"))
        let slopes = GradientPenalty.squaredSlopes(of: { critic.scores($0) }, at: interpolates)
        var found = try evaluated([
            ("d_real", critic.scores(real)), ("d_fake", critic.scores(fake)),
            ("d_interpolates", critic.scores(interpolates)), ("gradient_norms", slopes.sqrt()),
            (
                "input_gradients",
                gradients(of: critic.scores(interpolates).sum(), withRespectTo: [interpolates])[0]
            ),
        ])
        for (loss, run) in try criticUpdates() {
            found[loss] = run.outputs[CriticStep.loss]
            addGradients(of: loss, from: run, to: &found)
            if loss == "wgan_critic_loss" {
                found["wasserstein_estimate"] = run.outputs["score difference"]
            }
        }
        let generator = try runs(
            steps: 1, criticUpdates: 0, constraint: CombinedConstraint([])
        ).generator
        found["generator_loss"] = generator[0].outputs[GeneratorStep.loss]
        for (name, value) in subject.expected { try compare(name, value, found) }
        for run in subject.optimisers { try reproduce(run, of: .critic) }
    }

    /// Generated samples, losses, gradients, running statistics, and the optimisers' runs.
    mutating func reproduceGeneratorStep() throws {
        let (generator, critic) = (try network("generator"), try network("critic"))
        var pass = ForwardPass(.training)
        let generated = generator(try placeholder("z"), &pass)
        let scores = critic.scores(generated)
        let loss = WassersteinObjective().generatorLoss(real: scores, generated: scores)
        var found = try evaluated([
            ("generated", generated), ("d_fake", scores),
            ("generated_gradient", gradients(of: loss, withRespectTo: [generated])[0]),
        ])
        let run = try runs(
            steps: 1, criticUpdates: 0, constraint: CombinedConstraint([])
        ).generator[0]
        found["generator_loss"] = run.outputs[GeneratorStep.loss]
        addGradients(of: "generator_loss", from: run, to: &found)
        for (name, value) in run.variables { found["buffers_after_one_forward/\(name)"] = value }
        for (name, value) in subject.expected { try compare(name, value, found) }
        for run in subject.optimisers { try reproduce(run, of: .generator) }
    }

    /// The first update of the critic for each loss that the file has, by its name there.
    private func criticUpdates() throws -> [(loss: String, run: GoldenRun)] {
        let penalty = { (coefficient: Double, sides: GradientPenalty.Sides) in
            GradientPenalty(
                coefficient: .constant(coefficient), target: self.subject.hyper.targetNorm ?? 1,
                sides: sides)
        }
        let kinds: [(String, any Objective, any LipschitzConstraint)] = [
            ("wgan_critic_loss", WassersteinObjective(), CombinedConstraint([])),
            ("gradient_penalty", NoObjective(), penalty(1, .both)),
            ("gradient_penalty_one_sided", NoObjective(), penalty(1, .above)),
            (
                "critic_total_loss", WassersteinObjective(),
                penalty(subject.hyper.lambda ?? 0, .both)
            ),
        ]
        return try kinds.map { loss, objective, constraint in
            let runs = try runs(
                steps: 1, criticUpdates: 1, constraint: constraint, objective: objective)
            return (loss, runs.critic[0])
        }
    }

    private func addGradients(
        of loss: String, from run: GoldenRun, to found: inout [String: ReferenceTensor]
    ) {
        for parameter in subject.params.keys {
            found["grads/\(loss)/\(parameter)"] =
                run.variables[GradientRecorder.name(of: parameter)]
        }
    }

    private func evaluated(
        _ results: [(String, Tensor)]
    ) throws -> [String: ReferenceTensor] {
        var variables = try initialVariables(store)
        return try run(Program(outputs: results), try allInputs(), &variables)
    }

    /// Several steps of an optimiser on one batch.
    private mutating func reproduce(_ run: GoldenOptimiserRun, of role: Role) throws {
        guard run.target == role.rawValue, let constraint = constraint(of: run) else {
            throw GoldenError("\(subject.id): the harness does not know the run \(run.id)")
        }
        let runs = try runs(
            steps: role == .critic ? 1 : run.steps,
            criticUpdates: role == .critic ? run.steps : 0, constraint: constraint,
            optimiser: try run.settings.optimiser())
        let updates = role == .critic ? runs.critic : runs.generator
        for (step, update) in updates.enumerated() {
            compare(
                "\(run.id) loss \(step)", update.outputs["\(role.rawValue) loss"],
                ReferenceTensor(shape: [], values: [run.lossBeforeStep[step]]))
        }
        for (number, expected) in [(1, run.paramsAfter1), (run.steps, run.paramsAfter)] {
            compareVariables(
                "\(run.id) after \(number)", updates[number - 1].variables, expected,
                loose: run.f32Loose, bound: run.f32LooseAbs)
        }
        let last = updates[run.steps - 1].variables
        compareVariables("\(run.id) buffers", last, run.buffersAfter ?? [:], loose: [], bound: 0)
        if let expected = run.evalOutputAfter {
            var (pass, variables) = (ForwardPass(.inference), last)
            let output = try network("generator")(try placeholder("z_eval"), &pass)
            let outputs = try self.run(
                Program(outputs: [("output", output)]), try allInputs(), &variables)
            compare("\(run.id) eval", outputs["output"]?.channelsFirst, expected.reference)
        }
    }

    /// What belongs to the loss that a run minimises; nil for an unknown one.
    private func constraint(of run: GoldenOptimiserRun) -> (any LipschitzConstraint)? {
        switch (run.loss, run.settings.clip) {
        case ("critic_total_loss", nil):
            GradientPenalty(
                coefficient: .constant(subject.hyper.lambda ?? 0),
                target: subject.hyper.targetNorm ?? 1)
        case ("wgan_critic_loss", let bound?): WeightClipping(bound: bound)
        case ("generator_loss", nil): CombinedConstraint([])
        default: nil
        }
    }
}
