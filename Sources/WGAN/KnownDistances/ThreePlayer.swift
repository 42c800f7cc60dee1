import Datasets
import NeuralNetworks
import TensorGraph

/// A critic and a mover: the rows 3P and 3P-rev.
///
/// The mover H takes 12 steps down `mean |H(y) − y| − f(H(y))`, then the critic f one up
/// `mean f(x) − mean f(H(y))`, x of one distribution and y of the other. No bound on the slope is
/// needed. Reversed, y are the moved points, and the gradient is read from the mover:
/// `(y − H(y))/|y − H(y)|`.
///
/// Source: Korotin, Kolesov and Burnaev 2022, section 3, arXiv:2206.07767.
struct ThreePlayer: CriticMethod {
    let isReversed: Bool

    var name: String { isReversed ? "3p-rev" : "3p" }
    var updates: Int { 20_000 }

    func learner(
        of pair: KantorovichPair, seed: UInt64, updates: Int, on device: any Device
    ) throws -> any CriticLearner {
        try ThreePlayerLearner(pair, seed, isReversed: isReversed, on: device)
    }
}

private final class ThreePlayerLearner: CriticLearner {
    private static let moverSteps = 12
    private let isReversed: Bool
    private let seed: UInt64
    private let moverStep: any Executable
    private let criticStep: any Executable
    /// Where points are moved from, and what they are to look like.
    private let (sources, targets): (Prefetcher, Prefetcher)
    private let examination: CriticExamination
    private let motion: CriticExamination

    init(
        _ pair: KantorovichPair, _ seed: UInt64, isReversed: Bool, on device: any Device
    ) throws {
        (self.isReversed, self.seed) = (isReversed, seed)
        let d = pair.dimensions
        var store = ParameterStore()
        let critic = store.scoped("critic") {
            PublishedCritics.network(d, outputs: 1, ReLU(), in: &$0)
        }
        let mover = store.scoped("mover") {
            PublishedCritics.network(d, outputs: d, ReLU(), in: &$0)
        }
        var pass = ForwardPass(.training)
        let source = Tensor.input("source", [PublishedCritics.batchSize, d])
        let target = Tensor.input("target", [PublishedCritics.batchSize, d])
        let image = mover(source, &pass)
        let score = critic(image, &pass)
        let costs = (image - source).squared().sum(along: [1])
        let work = (costs + Tensor(1e-12)).sqrt().mean() - score.mean()
        let gain = critic(target, &pass).mean() - score.mean()
        let moving = Self.step(down: work, "mover", in: &store)
        let judging = Self.step(down: -gain, "critic", in: &store)
        for (variable, values) in try store.initialValues(seed: seed) {
            try device.set(variable, to: values)
        }
        moverStep = try device.compile(
            Program(outputs: [("loss", work)], updates: moving))
        criticStep = try device.compile(
            Program(outputs: [("loss", gain)], updates: judging))
        let moved = PointSource(pair.moved, seed: seed)
        // Pairs must not be seen: uniform points of the same numbers are those that are moved.
        let uniform = PointSource(pair.uniform, seed: ~seed)
        let fetcher = { (source: PointSource) in
            Prefetcher(source, size: PublishedCritics.batchSize, hasLabels: false)
        }
        sources = fetcher(isReversed ? moved : uniform)
        targets = fetcher(isReversed ? uniform : moved)
        examination = try CriticExamination(dimensions: d, on: device) {
            var pass = ForwardPass(.inference)
            return critic($0, &pass)
        }
        // The gradient of |H(y) − y|²/2 with H(y) held fixed is y − H(y).
        motion = try CriticExamination(dimensions: d, on: device) {
            var pass = ForwardPass(.inference)
            return 0.5 * ($0 - mover($0, &pass).stoppingGradient()).squared().sum(along: [1])
        }
    }

    private static func step(
        down loss: Tensor, _ scope: String, in store: inout ParameterStore
    ) -> [VariableUpdate] {
        let parameters = store.trainable(in: scope)
        let slopes = gradients(of: loss, withRespectTo: parameters.map(\.variable.tensor))
        let step = PublishedCritics.adam.step(
            parameters, gradients: slopes, factor: 1, scope: scope, in: &store)
        return zip(parameters, step.values).map { ($0.variable, $1) } + step.updates
    }

    func update(_ number: Int) throws {
        for turn in 0..<Self.moverSteps {
            let batch = number * Self.moverSteps + turn
            sources.fill(Batch(samples: moverStep.input("source")), number: batch)
            try moverStep.run(RandomClock(seed: seed, step: UInt64(batch)))
        }
        _ = criticStep.input("source").update(fromContentsOf: moverStep.input("source"))
        targets.fill(Batch(samples: criticStep.input("target")), number: number)
        try criticStep.run(RandomClock(seed: seed, step: UInt64(number)))
        guard criticStep.scalar("loss").isFinite, moverStep.scalar("loss").isFinite else {
            throw TrainingError.nonFinite(step: number + 1, quantity: "the critic's loss")
        }
    }

    func critic(at points: [Float]) throws -> CriticValues? {
        let values = try examination.values(at: points)
        guard isReversed else { return values }
        return CriticValues(
            scores: values.scores.map { -$0 },
            gradients: unitVectors(
                try motion.values(at: points).gradients, dimensions: motion.dimensions))
    }
}
