import NeuralNetworks
import TensorGraph
import WGAN

/// Fills batches with their numbers, in place of which ``GoldenDevice`` takes the case's samples.
private struct GoldenSource: SampleSource {
    let sampleShape: Shape

    func fill(_ batch: Batch, number: Int) { batch.samples.update(repeating: Float(number)) }
}

/// A generator whose latents are the samples, for cases that have a critic alone.
private struct SamplesAsLatents: Layer {
    private let shape: Shape
    /// Zeros, since a generator has parameters.
    private let addend: Parameter

    init(_ shape: Shape, in store: inout ParameterStore) {
        self.shape = shape
        addend = store.parameter("addend", shape, .bias, initially: .constant(0))
    }

    func callAsFunction(_ x: Tensor, _ pass: inout ForwardPass) -> Tensor {
        x.reshaped(Shape([x.shape[0]] + shape.dimensions)) + pass.value(of: addend)
    }
}

/// Leaves parameters as they are and keeps their gradients.
struct GradientRecorder: Optimiser {
    let learningRate: ScheduledNumber = 0

    func step(
        _ parameters: [Parameter], gradients: [Tensor], factor: Tensor, scope: String,
        in store: inout ParameterStore
    ) -> OptimiserStep {
        OptimiserStep(
            values: parameters.map(\.tensor),
            updates: zip(parameters, gradients).map { parameter, gradient in
                (store.state(Self.name(of: parameter.name), parameter.shape), gradient)
            })
    }

    /// What the state is called that holds a parameter's gradient.
    static func name(of parameter: String) -> String { "gradient of \(parameter)" }
}

/// Works for nothing, so that a penalty is all of the critic's loss.
struct NoObjective: Objective {
    func criticLoss(real: Tensor, generated: Tensor) -> Tensor { 0 }
    func generatorLoss(real: Tensor, generated: Tensor) -> Tensor { generated.mean() }
}

/// Clips weights, and keeps the gradient penalty that the loss does not have.
struct ClippingBesidePenalty: LipschitzConstraint {
    /// What the state is called that holds the penalty.
    static let penaltyName = "penalty beside clipping"
    let clipping: WeightClipping

    func penalty(
        critic: (Tensor) -> Tensor, real: Tensor, generated: Tensor,
        in context: inout ConstraintContext
    ) -> Tensor? {
        let value = GradientPenalty(coefficient: 1)
            .penalty(critic: critic, real: real, generated: generated, in: &context)
        guard let value else { return nil }
        context.update(context.store.state(Self.penaltyName, []), to: value)
        return nil
    }

    func projected(
        _ value: Tensor, of parameter: Parameter, in context: inout ConstraintContext
    ) -> Tensor {
        clipping.projected(value, of: parameter, in: &context)
    }
}

extension GoldenSession {
    /// Whose update is looked at.
    enum Role: String {
        case critic, generator
    }

    /// Runs the product's trainer on the case, and returns the runs of both networks' programs.
    ///
    /// - Parameter criticUpdates: Before each of the generator's; zero for none.
    func runs(
        steps: Int, criticUpdates: Int, constraint: any LipschitzConstraint,
        objective: any Objective = WassersteinObjective(),
        optimiser: any Optimiser = GradientRecorder()
    ) throws -> (critic: [GoldenRun], generator: [GoldenRun]) {
        let (trainer, device) = try trainer(criticUpdates, constraint, objective, optimiser)
        try trainer.train(to: steps)
        return (
            device.runs.filter { $0.outputs[CriticStep.loss] != nil },
            device.runs.filter { $0.outputs[GeneratorStep.loss] != nil }
        )
    }

    private func trainer(
        _ criticUpdates: Int, _ constraint: any LipschitzConstraint, _ objective: any Objective,
        _ optimiser: any Optimiser
    ) throws -> (Trainer, GoldenDevice) {
        var store = self.store
        let sample = try sample(of: latentInput(.generator))
        let generator: any Layer
        if networks["generator"] != nil {
            generator = try network("generator")
        } else {
            generator = store.scoped("generator") { SamplesAsLatents(sample, in: &$0) }
        }
        var setup = TrainingSetup(
            latent: Latent(size: sample.count), generator: generator,
            critic: try network("critic"), parameters: store, constraint: constraint,
            optimiser: optimiser,
            schedule: criticUpdates == 0
                ? .alternating(period: 1) : .fixed(iterations: criticUpdates),
            batchSize: try batch(latentInput(.generator)))
        setup.objective = objective
        let device = GoldenDevice(
            beginning: subject.params.merging(subject.buffers) { $1 }.mapValues(\.reference),
            runner: runner
        ) { [self] in try numbers($0, $1, $2, $3) }
        let source = GoldenSource(sampleShape: setup.sampleShape)
        return (try Trainer(setup, data: source, on: device), device)
    }

    /// What is the case's own in an update of either network.
    private func numbers(
        _ input: String, _ filled: ReferenceTensor, _ program: Program, _ update: Int
    ) throws -> ReferenceTensor? {
        let role: Role =
            program.outputs.contains { $0.name == CriticStep.loss } ? .critic : .generator
        switch input.prefix(while: \.isLetter) {
        case "normal": return try slice(latentInput(role), update)
        case "uniform": return try slice("epsilon", update)
        case "real" where role == .critic:
            return try slice("real", Int(filled.values[0]))
        default: return nil
        }
    }

    /// The input that holds the latents of an update.
    private func latentInput(_ role: Role) -> String {
        if subject.kind == "training_loop" { return "z_\(role.rawValue)" }
        return networks["generator"] == nil ? "fake" : "z"
    }

    /// The input at one update: in a loop each has its own.
    private func slice(_ input: String, _ update: Int) throws -> ReferenceTensor {
        let all = try values(of: input)
        guard subject.kind == "training_loop" else { return all }
        let shape = Shape(Array(all.shape.dimensions.dropFirst()))
        let range = update * shape.count..<(update + 1) * shape.count
        return ReferenceTensor(shape: shape, values: Array(all.values[range]))
    }

    private func batch(_ input: String) throws -> Int { try slice(input, 0).shape[0] }

    private func sample(of input: String) throws -> Shape {
        Shape(Array(try slice(input, 0).shape.dimensions.dropFirst()))
    }
}
