import CPUExecutor
import NeuralNetworks
import TensorGraph
import WGAN

/// A small network of one number, trained to tell two Gaussians on the line apart.
struct CriticOnLine {
    /// Scores and their derivatives at some places.
    struct Curve {
        let scores: [Double]
        let slopes: [Double]
    }

    private static let (batchSize, steps, width) = (256, 1500, 64)
    private static let (loss, scores, slopes) = ("loss", "scores", "slopes")

    private let network: any Layer
    private let device: CPUDevice

    /// Trains the network: the critic under a gradient penalty, the classifier free.
    ///
    /// The penalty is on slopes above one alone. On a line a slope has a sign, which the two-sided
    /// penalty would keep from changing: a slope of 0 costs it more than the wrong sign does.
    init(_ objective: any Objective, threads: Int?, seed: UInt64 = 1) throws {
        var store = ParameterStore(initialisation: .xavier)
        let network = store.scoped("critic") { store in
            Sequential(
                in: &store,
                [
                    { Linear(1, Self.width, in: &$0) }, { _ in Tanh() },
                    { Linear(Self.width, Self.width, in: &$0) }, { _ in Tanh() },
                    { Linear(Self.width, 1, in: &$0) },
                ])
        }
        self.network = network
        device = CPUDevice(threads: threads)
        let program = try Self.program(objective, network, in: &store)
        for (variable, values) in try store.initialValues(seed: seed) {
            try device.set(variable, to: values)
        }
        let executable = try device.compile(program)
        for step in 0..<Self.steps {
            executable.input("factor")[0] = 1 - Float(step) / Float(Self.steps)
            try executable.run(RandomClock(seed: seed, step: UInt64(step)))
        }
        guard executable.scalar(Self.loss).isFinite else {
            throw TrainingError.nonFinite(step: Self.steps, quantity: "the loss on the line")
        }
    }

    private static func program(
        _ objective: any Objective, _ network: any Layer, in store: inout ParameterStore
    ) throws -> Program {
        let streams = RandomStreams(startingAt: 1)
        let sample = { (centre: Double) -> Tensor in
            let noise = Tensor.randomNormal([batchSize, 1], stream: streams.take())
            return Tensor(centre) + Tensor(VanishingGradients.deviation) * noise
        }
        let real = sample(VanishingGradients.real)
        let generated = sample(VanishingGradients.generated)
        var context = ConstraintContext(store: store, streams: streams)
        let score = { (x: Tensor) -> Tensor in
            var pass = ForwardPass(.training)
            return network(x, &pass)
        }
        let penalty =
            objective.estimatesWasserstein
            ? GradientPenalty(sides: .above).penalty(
                critic: score, real: real, generated: generated, in: &context) : nil
        let loss =
            objective.criticLoss(real: score(real), generated: score(generated)) + (penalty ?? 0)
        let parameters = store.trainable(in: "critic")
        let step = Adam(learningRate: 2e-3, beta1: 0.5, beta2: 0.9).step(
            parameters, gradients: gradients(of: loss, withRespectTo: parameters.map(\.tensor)),
            factor: .input("factor", []), scope: "critic", in: &store)
        return try Program(
            outputs: [(Self.loss, loss)],
            updates: zip(parameters, step.values).map { ($0.variable, $1) } + step.updates)
    }

    /// What the trained network says at some places.
    func curve(at places: [Double]) throws -> Curve {
        let x = Tensor.constant(places, [places.count, 1])
        var pass = ForwardPass(.inference)
        let scores = network(x, &pass)
        let slopes = gradients(of: scores.sum(), withRespectTo: [x])[0]
        let program = try Program(outputs: [(Self.scores, scores), (Self.slopes, slopes)])
        let executable = try device.compile(program)
        try executable.run(RandomClock(seed: 0, step: 0))
        return Curve(
            scores: executable.output(Self.scores).map(Double.init),
            slopes: executable.output(Self.slopes).map(Double.init))
    }
}
