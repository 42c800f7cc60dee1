import Datasets
public import NeuralNetworks
package import StrictYAML
public import TensorGraph

/// Everything that a training is made of, beside the data and the device.
public struct TrainingSetup: Sendable {
    /// What the generator is fed with.
    public var latent: Latent
    /// What conditional networks are told; nil for others.
    public var condition: Condition?
    /// From latents `[N, latent.size]` to samples `[N, …]`.
    public var generator: any Layer
    /// From samples `[N, …]` to scores `[N, 1]` or `[N]`, unbounded.
    public var critic: any Layer
    /// The networks' parameters, the generator's in the scope `generator`, the critic's in
    /// `critic`.
    public var parameters: ParameterStore
    /// How the critic's slope is kept bounded.
    public var constraint: any LipschitzConstraint
    /// Updates the generator.
    public var generatorOptimiser: any Optimiser
    /// Updates the critic.
    public var criticOptimiser: any Optimiser
    /// How many critic updates come before each generator update.
    public var schedule: CriticSchedule
    /// What both learning rates are multiplied with, as a function of the step.
    public var learningRate: ScheduledNumber
    /// With n here, every n-th update of the critic has the constraint's penalty, n times as large;
    /// at least 1. Above 1 the constraint must have a penalty.
    ///
    /// Penalties change slowly and are the dearest part of an update. The source makes updates from
    /// the penalty alone and adapts the optimiser's settings to that; here the penalty is added to
    /// the loss of an ordinary update, so that the settings stay as they are.
    ///
    /// Source: Karras et al. 2020, section 3.1, "lazy regularization", arXiv:1912.04958.
    public var penaltyInterval = 1
    /// Averages of the generator's weights, which sampling then uses.
    public var averaging: ExponentialMovingAverage?
    /// Random changes of all images that the critic sees; nil for none.
    public var augmentation: Augmentation?
    /// What becomes of a training that a run records when a number is infinite or undefined; a
    /// trainer by itself always throws.
    public var onNonFinite: NonFiniteResponse
    /// What both networks work for.
    public var objective: any Objective
    /// Whether real or generated samples have the high scores.
    public var signs: SignConvention
    /// Samples in a batch, at least 1.
    public var batchSize: Int
    /// Real samples, and as many generated ones, in an update of the critic; nil for ``batchSize``.
    public var criticBatchSize: Int?
    /// How exactly the products of both updates are computed; `bfloat16` is for other devices than
    /// the CPU's own executor.
    public var precision = Precision.float32
    /// The equal parts into which batches are divided, for several processes of the CPU's own
    /// executor; both batch sizes are multiples of it.
    ///
    /// Each part's gradients and statistics are computed apart and added in a fixed order, so that
    /// results depend on this number, but not on the number of processes.
    public var shards = 1
    /// What all random numbers are a function of.
    public var seed: UInt64

    static let learningRateInput = "learning-rate factor"

    /// A training with one optimiser's settings for both networks, and the paper's other choices.
    public init(
        latent: Latent, generator: any Layer, critic: any Layer, parameters: ParameterStore,
        constraint: any LipschitzConstraint, optimiser: any Optimiser,
        schedule: CriticSchedule = .fixed(iterations: 5), batchSize: Int = 64, seed: UInt64 = 0
    ) {
        (self.latent, self.generator, self.critic) = (latent, generator, critic)
        (self.parameters, self.constraint) = (parameters, constraint)
        (generatorOptimiser, criticOptimiser) = (optimiser, optimiser)
        (self.schedule, self.batchSize, self.seed) = (schedule, batchSize, seed)
        (learningRate, averaging, condition) = (1, nil, nil)
        (objective, signs) = (WassersteinObjective(), .realScoresHigh)
        onNonFinite = .stop
    }

    /// Real samples in a batch.
    package var realBatchSize: Int { criticBatchSize ?? batchSize }

    func check(classCount: Int?) throws(TrainingError) {
        for size in [batchSize, realBatchSize] where size <= 0 {
            throw .setting("a batch of \(size) samples is empty; set it to at least 1")
        }
        guard !objective.comparesPairs || realBatchSize == batchSize else {
            throw .setting(
                "an objective that compares pairs needs as many real samples as generated ones; "
                    + "leave criticBatchSize away")
        }
        guard !objective.matchesPairs || condition == nil && augmentation == nil else {
            throw .setting(
                "an objective that matches pairs knows neither classes nor augmentation; leave "
                    + "them away")
        }
        guard penaltyInterval == 1 || penaltyInterval > 1 && constraint.hasPenalty
        else {
            throw .setting(
                "a penalty in every \(penaltyInterval) updates needs a constraint with a penalty; "
                    + "set the interval to 1")
        }
        for size in [batchSize, realBatchSize] where shards < 1 || !size.isMultiple(of: shards) {
            throw .setting(
                "a batch of \(size) samples cannot be divided into \(shards) equal shards; set "
                    + "shards to a divisor")
        }
        guard latent.size > 0 else {
            throw .setting("a latent of size \(latent.size) is empty; set it to at least 1")
        }
        if let condition {
            guard let classCount else {
                throw .setting("conditional networks need labelled data, and this has no labels")
            }
            guard classCount <= condition.classes else {
                throw .setting(
                    "the data's labels go up to \(classCount - 1), but the condition has only "
                        + "\(condition.classes) classes; set it to \(classCount)")
            }
        }
        for scope in ["generator", "critic"] where parameters.trainable(in: scope).isEmpty {
            throw .setting(
                "there are no trainable parameters in the scope \(scope) to be optimised")
        }
    }

    /// Whether update number `number` of the critic, counted from 0, has the penalty.
    func hasPenalty(inUpdate number: Int) -> Bool { number % penaltyInterval == 0 }

    /// What the learning rates are multiplied with in a program.
    var learningRateFactor: Tensor {
        hasLearningRateInput ? .input(Self.learningRateInput, []) : 1
    }

    /// Whether the learning rates change during a training.
    var hasLearningRateInput: Bool { learningRate != 1 || onNonFinite != .stop }
}

/// The random numbers that a generator turns into samples.
public struct Latent: Hashable, Sendable {
    /// How each number is distributed.
    public enum Distribution: String, Hashable, Sendable, CaseIterable {
        /// Standard normal.
        case normal
        /// Uniform in −1…1.
        case uniform
    }

    /// Numbers for each sample, at least 1.
    public var size: Int
    /// How each number is distributed.
    public var distribution: Distribution

    /// Latents of `size` numbers each.
    public init(size: Int, distribution: Distribution = .normal) {
        (self.size, self.distribution) = (size, distribution)
    }

    /// `count` latents from a random stream: `[count, size]`.
    func sample(_ count: Int, stream: UInt32) -> Tensor {
        switch distribution {
        case .normal: .randomNormal([count, size], stream: stream)
        case .uniform: 2 * .randomUniform([count, size], stream: stream) - 1
        }
    }
}

extension TrainingSetup {
    /// The extents of one sample that the generator makes; empty where its layers do not fit.
    public var sampleShape: Shape {
        var pass = ForwardPass(.inference)
        if condition != nil { pass.labels = .input("labels", [1]) }
        let samples = generator(.input("latents", [1, latent.size]), &pass)
        return Shape(Array(samples.shape.dimensions.dropFirst()))
    }
}

extension Latent {
    /// `latent: {size: 128, distribution: normal}`.
    init(reading section: ConfigurationSection) throws(ConfigurationError) {
        self.init(
            size: try section.value("size", .integer(in: 1...65_536)),
            distribution: try section.value("distribution", .oneOf(), default: .normal))
    }
}

/// What conditional networks are told of each sample: its class.
///
/// Generated samples need labels too. Where they come from depends on the update:
///
/// - In an update of the critic, generated samples have the labels of the real batch. The critic
///   thus sees the same classes equally often in both batches and cannot tell these apart by their
///   classes. A gradient penalty mixes a real and a generated sample, which then have one class.
/// - In an update of the generator, labels are drawn uniformly, so that it learns all classes
///   equally well. Where the objective compares pairs, they are again those of the real batch.
public struct Condition: Hashable, Sendable {
    /// How many classes there are, at least 2; labels are 0, 1, … classes − 1.
    public var classes: Int

    /// A condition of so many classes.
    public init(classes: Int) { self.classes = classes }

    /// `count` uniformly drawn class numbers of a random stream: `[count]`.
    func sample(_ count: Int, stream: UInt32) -> Tensor {
        let numbers = Tensor(Double(classes)) * .randomUniform([count, 1], stream: stream)
        // As many of the limits 1, 2, … classes − 1 as a number has reached.
        let limits = Tensor.iota([count, classes - 1], axis: 1) + 1
        return (numbers .>= limits).sum(along: [1])
    }

    /// Class numbers for `count` samples in which all classes follow each other again and again.
    public func cycle(_ count: Int) -> [Int] { (0..<count).map { $0 % classes } }
}

extension Condition {
    /// `condition: {classes: 10}`.
    init(reading section: ConfigurationSection) throws(ConfigurationError) {
        self.init(classes: try section.value("classes", .integer(in: 2...ImageSet.mostClasses)))
    }
}

/// What becomes of a training in which a number is infinite or undefined.
public enum NonFiniteResponse: Hashable, Sendable {
    /// It ends.
    case stop
    /// It goes on from its last sound state with both learning rates multiplied by `factor`, in
    /// 0…1, at most `times` times; then it ends.
    case reduceLearningRate(factor: Double, times: Int)

    /// How often the training may go on.
    public var attempts: Int {
        switch self {
        case .stop: 0
        case .reduceLearningRate(_, let times): times
        }
    }

    /// What the learning rates are multiplied with after `reductions` reductions.
    func factor(after reductions: Int) -> Double {
        guard case .reduceLearningRate(let factor, _) = self else { return 1 }
        return (0..<reductions).reduce(1) { product, _ in product * factor }
    }
}

extension NonFiniteResponse {
    /// The names in configuration files: `stop`, `reduceLearningRate: {factor: 0.5, times: 3}`.
    package static let configurationNames = ["stop", "reduceLearningRate"]

    /// The response that a setting names.
    package init(reading setting: TaggedSection) throws(ConfigurationError) {
        let section = setting.section
        switch try section.entry(setting.kind, in: Self.configurationNames, name: { $0 }) {
        case "reduceLearningRate":
            section.shorthand(for: "factor")
            let factor = try section.value("factor", .number(greaterThan: 0), default: 0.5)
            guard factor < 1 else {
                throw section.invalid("factor", "must be less than 1, but is \(factor)")
            }
            self = .reduceLearningRate(
                factor: factor,
                times: try section.value("times", .integer(in: 1...1000), default: 3))
        default: self = .stop
        }
    }
}
