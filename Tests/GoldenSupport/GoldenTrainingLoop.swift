import NeuralNetworks
import TensorGraph
import WGAN

extension GoldenSession {
    /// A short training: critic steps on fresh slices, then a generator step, and again.
    mutating func reproduceTrainingLoop() throws {
        let hyper = subject.hyper
        guard let settings = hyper.optimiser, let criticIterations = hyper.nCritic,
            let iterations = hyper.generatorIterations, let variant = hyper.variant,
            ["gp", "clip"].contains(variant)
        else { throw GoldenError("\(subject.id) is not a loop that the harness knows") }
        let criticStep = try criticProgram(settings, isPenalised: variant == "gp")
        let generatorStep = try generatorProgram(settings)
        var variables = try initialVariables(store)
        var recorded: [String: [Double]] = [:]
        let record = { (outputs: [String: ReferenceTensor]) in
            for (name, value) in outputs { recorded[name, default: []] += value.values }
        }
        for iteration in 0..<iterations {
            for k in 0..<criticIterations {
                let batch = try slices(
                    ["real", "z_critic", "epsilon"], iteration * criticIterations + k)
                record(try run(criticStep, batch, &variables))
            }
            record(try run(generatorStep, slices(["z_generator"], iteration), &variables))
        }
        try compareLoop(recorded, variables)
    }

    private func slices(_ names: [String], _ number: Int) throws -> [String: ReferenceTensor] {
        var result: [String: ReferenceTensor] = [:]
        for name in names {
            let all = try values(of: name)
            let shape = Shape(Array(all.shape.dimensions.dropFirst()))
            let range = number * shape.count..<(number + 1) * shape.count
            result[name] = ReferenceTensor(shape: shape, values: Array(all.values[range]))
        }
        return result
    }

    private func slicePlaceholder(_ name: String) throws -> Tensor {
        .input(name, Shape(Array(try values(of: name).shape.dimensions.dropFirst())))
    }

    private mutating func criticProgram(
        _ settings: GoldenOptimiserSettings, isPenalised: Bool
    ) throws -> Program {
        var pass = ForwardPass(.training)
        let fake = try network("generator")(try slicePlaceholder("z_critic"), &pass)
        let losses = try criticLosses(
            real: try slicePlaceholder("real"), fake: fake,
            epsilon: try slicePlaceholder("epsilon")
        ).losses
        let loss = losses[isPenalised ? "critic_total_loss" : "wgan_critic_loss"]!
        let updates = try settings.clipped(to: subject.hyper.clip)
            .updates(of: "critic", minimising: loss, in: &store)
        return try Program(
            outputs: [
                ("critic_loss", loss), ("gradient_penalty", losses["gradient_penalty"]!),
                ("wasserstein_estimate", losses["wasserstein_estimate"]!),
            ], updates: updates)
    }

    private mutating func generatorProgram(_ settings: GoldenOptimiserSettings) throws -> Program {
        var pass = ForwardPass(.training)
        let fake = try network("generator")(try slicePlaceholder("z_generator"), &pass)
        let scores = try network("critic").scores(fake)
        let loss = WassersteinObjective().generatorLoss(real: scores, generated: scores)
        let updates = try settings.updates(of: "generator", minimising: loss, in: &store)
        return try Program(outputs: [("generator_loss", loss)], updates: updates)
    }

    private mutating func compareLoop(
        _ recorded: [String: [Double]], _ variables: [String: ReferenceTensor]
    ) throws {
        var (loose, bound): ([String], Double) = ([], 0)
        if case .names(let names)? = subject.expected["f32_loose"] { loose = names }
        if case .number(let number)? = subject.expected["f32_loose_abs"] { bound = number }
        for (name, value) in subject.expected where !name.hasPrefix("f32_loose") {
            switch value {
            case .numbers(let numbers):
                let asTensor = { (x: [Double]) in ReferenceTensor(shape: [x.count], values: x) }
                compare(name, recorded[name].map(asTensor), asTensor(numbers))
            case .group(let members) where name == "params_after":
                let tensors = members.compactMapValues { member in
                    if case .tensor(let tensor) = member { tensor } else { nil }
                }
                compareVariables(name, variables, tensors, loose: loose, bound: bound)
            default: throw GoldenError("\(subject.id): the harness does not know \(name)")
            }
        }
    }
}

extension GoldenOptimiserSettings {
    fileprivate func clipped(to bound: Double?) -> Self {
        GoldenOptimiserSettings(
            kind: kind, lr: lr, momentum: momentum, alpha: alpha, eps: eps, rho: rho,
            initialAccumulator: initialAccumulator, beta1: beta1, beta2: beta2, clip: bound)
    }
}
