import NeuralNetworks
import TensorGraph
import WGAN

extension GoldenSession {
    /// The scalars of a critic step by the names that the file gives them.
    func criticLosses(
        real: Tensor, fake: Tensor, epsilon: Tensor
    ) throws -> (losses: [String: Tensor], interpolates: Tensor) {
        let critic = try network("critic")
        let (objective, lambda) = (WassersteinObjective(), Tensor(subject.hyper.lambda ?? 0))
        let interpolates = GradientPenalty.interpolates(real, fake, mixing: epsilon)
            .stoppingGradient()
        let score = { (x: Tensor) in critic.scores(x) }
        let penalty = { (sides: GradientPenalty.Sides) in
            GradientPenalty(target: self.subject.hyper.targetNorm ?? 1, sides: sides)
                .penalty(critic: score, at: interpolates)
        }
        let (high, low) = (score(real), score(fake))
        let loss = objective.criticLoss(real: high, generated: low)
        return (
            [
                "wgan_critic_loss": loss,
                "wasserstein_estimate": high.mean() - low.mean(),
                "generator_loss": objective.generatorLoss(real: high, generated: low),
                "gradient_penalty": penalty(.both),
                "gradient_penalty_one_sided": penalty(.above),
                "critic_total_loss": loss + lambda * penalty(.both),
            ], interpolates
        )
    }

    /// Scores, slopes, losses, all gradients, and the optimisers' runs.
    mutating func reproduceCriticStep() throws {
        let critic = try network("critic")
        let (real, fake) = (try placeholder("real"), try placeholder("fake"))
        let (losses, interpolates) = try criticLosses(
            real: real, fake: fake, epsilon: try placeholder("epsilon"))
        let scores = critic.scores(interpolates)
        var results: [(String, Tensor)] = losses.map { ($0.key, $0.value) }
        results += [
            ("d_real", critic.scores(real)), ("d_fake", critic.scores(fake)),
            ("d_interpolates", scores),
            (
                "input_gradients",
                gradients(of: scores.sum(), withRespectTo: [interpolates])[0]
            ),
            (
                "gradient_norms",
                GradientPenalty.squaredSlopes(of: { critic.scores($0) }, at: interpolates).sqrt()
            ),
        ]
        try compareStep(&results, losses: losses)
        for run in subject.optimisers {
            try reproduce(run, losses: losses, buffers: [], evaluation: nil)
        }
    }

    /// Runs the results together with the gradients that the case asks for, and compares.
    mutating func compareStep(
        _ results: inout [(String, Tensor)], losses: [String: Tensor],
        buffers: [VariableUpdate] = []
    ) throws {
        if case .group(let groups)? = subject.expected["grads"] {
            for (name, members) in groups {
                guard case .group(let parameters) = members, let loss = losses[name] else {
                    throw GoldenError("\(subject.id): the harness knows no loss \(name)")
                }
                let names = parameters.keys.sorted()
                let variables = names.compactMap { store[$0]?.tensor }
                for (parameter, slope) in zip(names, gradients(of: loss, withRespectTo: variables))
                {
                    results.append(("grads/\(name)/\(parameter)", slope))
                }
            }
        }
        var variables = try initialVariables(store)
        var got = try run(
            Program(outputs: results, updates: buffers), try allInputs(), &variables)
        for (name, value) in variables { got["buffers_after_one_forward/\(name)"] = value }
        for (name, value) in subject.expected { try compare(name, value, got) }
    }

    /// Three steps of an optimiser on one batch.
    mutating func reproduce(
        _ run: GoldenOptimiserRun, losses: [String: Tensor], buffers: [VariableUpdate],
        evaluation: Tensor?
    ) throws {
        guard let loss = losses[run.loss] else {
            throw GoldenError("\(subject.id): the harness knows no loss \(run.loss)")
        }
        // Each run begins without state of the runs before.
        var store = self.store
        let updates = try run.settings.updates(of: run.target, minimising: loss, in: &store)
        let program = try Program(outputs: [("loss", loss)], updates: updates + buffers)
        var variables = try initialVariables(store)
        for step in 0..<run.steps {
            let outputs = try self.run(program, try allInputs(), &variables)
            compare(
                "\(run.id) loss \(step)", outputs["loss"],
                ReferenceTensor(shape: [], values: [run.lossBeforeStep[step]]))
            let isLast = step == run.steps - 1
            guard step == 0 || isLast else { continue }
            compareVariables(
                "\(run.id) after \(step + 1)", variables,
                isLast ? run.paramsAfter : run.paramsAfter1, loose: run.f32Loose,
                bound: run.f32LooseAbs)
        }
        compareVariables(
            "\(run.id) buffers", variables, run.buffersAfter ?? [:], loose: [], bound: 0)
        if let expected = run.evalOutputAfter {
            guard let evaluation else {
                throw GoldenError("\(subject.id) expects an evaluation of its target")
            }
            let outputs = try self.run(
                Program(outputs: [("output", evaluation)]), try allInputs(), &variables)
            compare("\(run.id) eval", outputs["output"]?.channelsFirst, expected.reference)
        }
    }
}
