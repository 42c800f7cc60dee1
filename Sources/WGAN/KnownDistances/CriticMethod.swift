public import Datasets
import Foundation
import NeuralNetworks
package import StrictYAML
public import TensorGraph

/// A way to learn a critic of two distributions from their samples, to be judged on pairs whose
/// distance and optimal critic are known.
///
/// Critics score moved points of a `KantorovichPair` high: these stand for real samples, uniform
/// ones for generated samples.
public protocol CriticMethod: Sendable {
    /// Short, for tables.
    var name: String { get }
    /// Updates of the critic that the method is meant to have.
    var updates: Int { get }

    /// Begins to learn.
    ///
    /// - Parameters:
    ///   - pair: What the samples are drawn from.
    ///   - seed: What initial values and samples are a function of.
    ///   - updates: How many updates will be made, for schedules.
    ///   - device: Holds the critic alone.
    /// - Throws: What compiling throws.
    func learner(
        of pair: KantorovichPair, seed: UInt64, updates: Int, on device: any Device
    ) throws -> any CriticLearner
}

/// A critic that is being learned.
public protocol CriticLearner: AnyObject {
    /// Update number `number` of the critic, counted from 0.
    ///
    /// - Throws: ``TrainingError`` where a loss is not finite.
    func update(_ number: Int) throws

    /// How good the critic is by now.
    ///
    /// - Throws: What running throws.
    func scores(on sample: KantorovichSample) throws -> CriticScores

    /// Scores of points, and their gradients; nil for methods without a critic.
    ///
    /// - Parameter points: `[count, D]` in row-major order.
    func critic(at points: [Float]) throws -> CriticValues?
}

/// Scores of points, high for moved ones.
public struct CriticValues: Sendable {
    /// f, `[count]`.
    public let scores: [Double]
    /// ∇f, `[count, D]`.
    public let gradients: [Double]

    /// Scores, `[count]`, and gradients, `[count, D]`.
    public init(scores: [Double], gradients: [Double]) {
        (self.scores, self.gradients) = (scores, gradients)
    }
}

extension CriticLearner {
    /// By the critic's own scores and gradients.
    public func scores(on sample: KantorovichSample) throws -> CriticScores {
        let (moved, uniform) = (try critic(at: sample.moved), try critic(at: sample.uniform))
        guard let moved, let uniform else {
            preconditionFailure("a method without a critic finds its scores itself")
        }
        return CriticScores(of: sample, moved: moved, uniform: uniform)
    }
}

/// A critic by a network, an objective, a constraint and an optimiser: the critic's update of a
/// training, ``CriticStep``, with uniform points in place of a generator's samples.
public struct CriticRecipe: CriticMethod {
    public let name: String
    public let updates: Int
    private let setup: @Sendable (_ dimensions: Int, _ updates: Int) throws -> TrainingSetup

    /// A recipe.
    ///
    /// - Parameters:
    ///   - name: Short, for tables.
    ///   - updates: Updates of the critic that the method is meant to have.
    ///   - setup: A training on points of so many dimensions, of so many steps, of which nothing
    ///     but the critic and what belongs to it is used.
    public init(
        _ name: String, updates: Int,
        setup: @escaping @Sendable (_ dimensions: Int, _ updates: Int) throws -> TrainingSetup
    ) {
        (self.name, self.updates, self.setup) = (name, updates, setup)
    }

    public func learner(
        of pair: KantorovichPair, seed: UInt64, updates: Int, on device: any Device
    ) throws -> any CriticLearner {
        var setup = try setup(pair.dimensions, updates)
        setup.seed = seed
        setup.signs = .realScoresHigh
        setup.criticBatchSize = nil
        setup.latent = Latent(size: pair.dimensions, distribution: .uniform)
        setup.generator = Cube()
        return try RecipeLearner(setup, pair, on: device)
    }
}

/// Numbers in −1…1 spread over the cube of the pairs.
private struct Cube: Layer {
    func callAsFunction(_ x: Tensor, _ pass: inout ForwardPass) -> Tensor {
        Tensor(KantorovichPair.halfWidth) * x
    }
}

private final class RecipeLearner: CriticLearner {
    private let setup: TrainingSetup
    private let step: CompiledUpdate
    private let points: Prefetcher
    private let examination: CriticExamination

    init(_ setup: TrainingSetup, _ pair: KantorovichPair, on device: any Device) throws {
        self.setup = setup
        var parameters = setup.parameters
        let traced = try CriticStep(setup, sampleShape: [pair.dimensions], in: &parameters)
        for (variable, values) in try setup.initialValues(of: parameters, on: device) {
            try device.set(variable, to: values)
        }
        step = try CompiledUpdate(traced.program, setup, in: parameters, on: device)
        points = Prefetcher(
            PointSource(pair.moved, seed: setup.seed), size: setup.batchSize, hasLabels: false)
        var examined = setup
        examined.parameters = parameters
        examination = try CriticExamination(dimensions: pair.dimensions, on: device) { points in
            let weights = try examined.criticWeights(on: device).weights
            var pass = ForwardPass(.inference, replacing: weights)
            return examined.critic(points, &pass)
        }
    }

    func update(_ number: Int) throws {
        let executable = step.executable
        points.fill(Batch(samples: executable.input(CriticStep.realInput)), number: number)
        try step.run(
            number,
            at: setup.progress(
                step: number, criticUpdates: number, generatorUpdates: 0, reductions: 0))
        guard executable.scalar(CriticStep.loss).isFinite else {
            throw TrainingError.nonFinite(step: number + 1, quantity: "the critic's loss")
        }
    }

    func critic(at points: [Float]) throws -> CriticValues? { try examination.values(at: points) }
}

/// A program for a critic's scores and gradients at any points.
final class CriticExamination {
    private let executable: any Executable
    let dimensions: Int
    /// Points that are examined at a time.
    private static let count = 512

    /// - Parameter critic: Scores of `[N, D]`, `[N]` or `[N, 1]`: its first column counts.
    init(
        dimensions: Int, on device: any Device, critic: (Tensor) throws -> Tensor
    ) throws {
        self.dimensions = dimensions
        let points = Tensor.input("points", [Self.count, dimensions])
        let all = try critic(points)
        let scores = all.reshaped([Self.count, all.shape.count / Self.count])
            .sliced(axis: 1, 0..<1)
        let slopes = gradients(of: scores.sum(), withRespectTo: [points])[0]
        executable = try device.compile(
            Program(outputs: [("scores", scores), ("gradients", slopes)]))
    }

    func values(at points: [Float]) throws -> CriticValues {
        let count = points.count / dimensions
        var (scores, gradients): ([Double], [Double]) = ([], [])
        for start in stride(from: 0, to: count, by: Self.count) {
            let input = executable.input("points")
            let part = points[
                start * dimensions..<min(start + Self.count, count) * dimensions]
            _ = input.update(fromContentsOf: part)
            try executable.run(RandomClock(seed: 0))
            let found = part.count / dimensions
            scores += executable.output("scores").prefix(found).map(Double.init)
            gradients += executable.output("gradients").prefix(part.count).map(Double.init)
        }
        return CriticValues(scores: scores, gradients: gradients)
    }
}

extension CriticRecipe {
    /// The critic of a training: its network, constraint, objective, optimiser, batch size and
    /// learning rate. Data and generator are replaced.
    ///
    /// - Parameter argument: A preset's name or a file's path.
    /// - Throws: A `ConfigurationError` where it is no training, or cannot have points as data.
    package init(presetOrFile argument: String) throws(ConfigurationError) {
        let configuration = try Self.configuration(argument, dimensions: 2, updates: nil)
        guard case .steps(let steps) = configuration.length else {
            throw ConfigurationError(
                location: .file(argument),
                message: "'epochs' do not say how many updates; set 'steps'")
        }
        self.init(configuration.name, updates: steps) { dimensions, updates in
            try Self.configuration(argument, dimensions: dimensions, updates: updates).setup
        }
    }

    private static func configuration(
        _ argument: String, dimensions: Int, updates: Int?
    ) throws(ConfigurationError) -> TrainingConfiguration {
        var overrides = [
            "data={kantorovichPair: {dimensions: \(dimensions)}}",
            "generator.layers=[{linear: \(dimensions)}]", "outputs={}",
        ]
        if let updates, updates > 0 { overrides.append("steps=\(updates)") }
        return try TrainingDocument(presetOrFile: argument, overrides: overrides).configuration()
    }
}
