import FileTestSupport
import NeuralNetworks
import TensorGraph
import WGAN

extension GoldenSession {
    /// A short training: critic steps on fresh slices, then a generator step, and again.
    mutating func reproduceTrainingLoop() throws {
        let hyper = subject.hyper
        guard let settings = hyper.optimiser, let criticIterations = hyper.nCritic,
            let iterations = hyper.generatorIterations
        else { throw GoldenError("\(subject.id) is not a loop that the harness knows") }
        let constraint: any LipschitzConstraint
        switch (hyper.variant, hyper.clip) {
        case ("gp", nil): constraint = GradientPenalty(coefficient: .constant(hyper.lambda ?? 0))
        case ("clip", let bound?):
            constraint = ClippingBesidePenalty(clipping: WeightClipping(bound: bound))
        default: throw GoldenError("\(subject.id) is not a loop that the harness knows")
        }
        let (critic, generator) = try runs(
            steps: iterations, criticUpdates: criticIterations, constraint: constraint,
            optimiser: try settings.optimiser())
        let values = { (runs: [GoldenRun], output: String) in
            runs.flatMap { $0.outputs[output]?.values ?? [] }
        }
        let penalties =
            hyper.lambda.map { lambda in values(critic, "penalty").map { $0 / lambda } }
            ?? critic.flatMap { $0.variables[ClippingBesidePenalty.penaltyName]?.values ?? [] }
        let recorded = [
            "critic_loss": values(critic, CriticStep.loss), "gradient_penalty": penalties,
            "wasserstein_estimate": values(critic, "score difference"),
            "generator_loss": values(generator, GeneratorStep.loss),
        ]
        try compareLoop(
            recorded, generator.last?.variables ?? [:],
            slack: ["generator_loss": generator.map(drift).max() ?? 0])
    }

    /// How much of a score can come from parameters of the critic that rounding has moved.
    ///
    /// Their true gradient is 0, and in single precision an optimiser that divides by the size of a
    /// gradient takes what is left of rounding for a direction. Losses of the critic are
    /// differences of scores, of which that is no part; the generator's is not. No activation here
    /// is steeper than 1, so that a hidden bias counts at most as the next layer's largest weight.
    private func drift(in run: GoldenRun) -> Double {
        guard precision == .single, case .names(let loose)? = subject.expected["f32_loose"],
            case .group(let after)? = subject.expected["params_after"]
        else { return 0 }
        return loose.reduce(0) { sum, name in
            guard case .tensor(let expected)? = after[name], let found = run.variables[name]
            else { return sum }
            let moved = zip(found.values, expected.reference.values).reduce(0) {
                $0 + abs($1.0 - $1.1)
            }
            let next = name.split(separator: ".")[1].dropFirst()
            let weights = run.variables["critic.l\((Int(next) ?? 0) + 1).weight"]?.values ?? [1]
            return sum + moved * (weights.map(abs).max() ?? 1)
        }
    }

    private mutating func compareLoop(
        _ recorded: [String: [Double]], _ variables: [String: ReferenceTensor],
        slack: [String: Double]
    ) throws {
        var (loose, bound): ([String], Double) = ([], 0)
        if case .names(let names)? = subject.expected["f32_loose"] { loose = names }
        if case .number(let number)? = subject.expected["f32_loose_abs"] { bound = number }
        for (name, value) in subject.expected where !name.hasPrefix("f32_loose") {
            switch value {
            case .numbers(let numbers):
                let asTensor = { (x: [Double]) in ReferenceTensor(shape: [x.count], values: x) }
                report.compare(
                    "\(subject.id) \(name)", recorded[name].map(asTensor), with: asTensor(numbers),
                    Tolerance(abs: tolerance.abs + (slack[name] ?? 0), rel: tolerance.rel))
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
