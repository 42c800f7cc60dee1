public import NeuralNetworks
package import StrictYAML
public import TensorGraph

/// Random changes of all images that the critic sees, real and generated ones, in both networks'
/// updates.
///
/// A critic that is never shown an image twice in the same way cannot learn a small data set by
/// heart. The generator learns through the changes, which are differentiable: its images, changed
/// in the same way, are to look like changed real ones, and so need not look changed themselves.
/// Gradient penalties measure the slope at the changed images, with regard to them.
///
/// Sources: Zhao et al. 2020, arXiv:2006.10738; Karras et al. 2020, arXiv:2006.06676. The latter's
/// penalty is with regard to the images before the changes.
public struct Augmentation: Sendable {
    /// How often a change happens.
    public enum Probability: Hashable, Sendable {
        /// As a function of the samples shown to the critic.
        case scheduled(ScheduledNumber)
        /// As often as the critic's overfitting asks for.
        case adaptive(AdaptiveProbability)
    }

    /// The changes, in the order in which they are made.
    public var transformations: [any SampleTransformation]
    /// How often each of them happens to an image, independently of the others.
    public var probability: Probability

    /// Changes that happen to all images, or with another probability.
    public init(
        _ transformations: [any SampleTransformation], probability: Probability = .scheduled(1)
    ) {
        (self.transformations, self.probability) = (transformations, probability)
    }

    /// The images `[N, H, W, C]` as the critic is shown them.
    ///
    /// - Parameters:
    ///   - images: As the data or the generator has them.
    ///   - probability: A scalar in 0…1.
    ///   - streams: Each transformation takes one.
    public func applied(
        to images: Tensor, probability: Tensor, streams: RandomStreams
    ) -> Tensor {
        guard images.rank == 4 else {
            return .invalid(
                "augmentation takes images [N, H, W, C], not a tensor of shape \(images.shape)",
                from: images)
        }
        var result = images
        for transformation in transformations {
            let count = transformation.numbersPerSample
            let numbers = Tensor.randomUniform(
                [images.shape[0], count + 1], stream: streams.take())
            result = transformation.applied(
                to: result, numbers: numbers.sliced(axis: 1, 0..<count),
                enabled: numbers.sliced(axis: 1, count..<count + 1) .< probability)
        }
        return result
    }

    /// The probability as a scalar of a program; state of it is created in `store`.
    public func probability(in store: inout ParameterStore) -> Tensor {
        switch probability {
        case .scheduled(let number): store.tensor(of: number, named: "augmentation.probability")
        case .adaptive(let adaptive): adaptive.variables(in: &store).probability.tensor
        }
    }
}

extension TrainingSetup {
    /// Images as the critic is shown them; all samples as they are where there is no augmentation.
    func augmented(_ samples: Tensor, in context: inout ConstraintContext) -> Tensor {
        guard let augmentation else { return samples }
        let probability = augmentation.probability(in: &context.store)
        return augmentation.applied(
            to: samples, probability: probability, streams: context.streams)
    }
}

/// A random change of images that leaves them images of the same thing, made by differentiable
/// operations.
///
/// Random numbers are arguments: one set of them for each image.
public protocol SampleTransformation: Sendable {
    /// How many uniform numbers one image takes.
    var numbersPerSample: Int { get }

    /// The changed images.
    ///
    /// - Parameters:
    ///   - images: `[N, H, W, C]`, pixels in −1…1; the result may leave that range.
    ///   - numbers: `[N, numbersPerSample]`, uniform, 0 ≤ u < 1.
    ///   - enabled: `[N, 1]`, 1 for images that are changed and 0 for those that stay as they are.
    /// - Returns: `[N, H, W, C]`.
    func applied(to images: Tensor, numbers: Tensor, enabled: Tensor) -> Tensor
}

extension Tensor {
    /// Uniform numbers `[N, 1]`, 0 ≤ u < 1, as amounts in −range…range, zero where `enabled` is,
    /// with the axes of images: `[N, 1, 1, 1]`.
    func amounts(upTo range: Double, enabled: Tensor) -> Tensor {
        (enabled * Tensor(range) * (2 * self - 1)).forImages
    }

    /// One number for each image, `[N, 1]`, with the axes of images: `[N, 1, 1, 1]`.
    var forImages: Tensor { reshaped([shape[0], 1, 1, 1]) }

    /// The mean along `axes`, which stay with the extent 1.
    func meanKeeping(_ axes: [Int]) -> Tensor {
        var dimensions = shape.dimensions
        for axis in axes { dimensions[axis] = 1 }
        return mean(along: axes).reshaped(Shape(dimensions))
    }
}

extension Augmentation {
    /// Images as a critic is shown them, outside a training.
    ///
    /// - Parameters:
    ///   - images: `[N, H, W, C]` in row-major order.
    ///   - shape: `[H, W, C]`.
    ///   - probability: How often each change happens, in 0…1.
    ///   - seed: Which changes.
    ///   - device: What computes them.
    /// - Returns: The changed images, `[N, H, W, C]`.
    /// - Throws: What compiling and running throw.
    public func applied(
        to images: [Float], of shape: Shape, probability: Double, seed: UInt64,
        on device: any Device
    ) throws -> [Float] {
        let batch = Shape([images.count / max(shape.count, 1)] + shape.dimensions)
        precondition(batch.count == images.count, "images are whole")
        let (input, output) = ("images", "shown images")
        let streams = RandomStreams()
        let shown = applied(
            to: .input(input, batch), probability: Tensor(probability), streams: streams)
        let program = try device.compile(Program(outputs: [(output, shown)]))
        _ = program.input(input).update(fromContentsOf: images)
        try program.run(RandomClock(seed: seed))
        return Array(program.output(output))
    }

    /// The probability before the first update.
    public var initialProbability: Double {
        switch probability {
        case .scheduled(let number): number.value(at: 0)
        case .adaptive(let adaptive): adaptive.initial
        }
    }
}

/// How sure a critic is of its real images: the share of them on the real side of a dividing score,
/// minus the share on the other side, in −1…1.
///
/// A classifier's dividing score is zero, and this is the source's heuristic r_t. Scores of a
/// Wasserstein critic have no zero: a constant added to all of them changes nothing. The half-way
/// point between the two means divides them there, which moves with such a constant, and is near
/// zero where a classifier's scores are balanced. A critic that has not overfitted can be sure too,
/// as long as the generator is bad; the measure says when the critic is too sure for the
/// generator to learn from it. The source's other heuristic, r_v, needs real images held back.
///
/// Source: Karras et al. 2020, eq. 1, arXiv:2006.06676.
enum Overfitting {
    /// - Parameters:
    ///   - real: Scores of real samples, `[N]` or `[N, 1]`, of which real samples have the high
    ///     ones.
    ///   - generated: Scores of generated samples.
    ///   - isAroundZero: Whether zero divides the scores.
    /// - Returns: A scalar.
    static func measure(real: Tensor, generated: Tensor, isAroundZero: Bool) -> Tensor {
        let divide: Tensor = isAroundZero ? 0 : 0.5 * (real.mean() + generated.mean())
        return (real - divide).sign().mean()
    }
}

extension TrainingSetup {
    /// The measure of a batch's scores, of which real samples have the high ones.
    func overfitting(real: Tensor, generated: Tensor) -> Tensor {
        Overfitting.measure(
            real: real, generated: generated, isAroundZero: objective.dividesAtZero)
    }
}

/// A transformation that configuration files can name.
package protocol ConfigurableTransformation: ReadFromSettings, SampleTransformation {}

/// The transformations that configuration files can name.
package enum TransformationCatalogue {
    /// All of them, by their names' order.
    package static let all: [any ConfigurableTransformation.Type] = [
        Brightness.self, Contrast.self, Cutout.self, Saturation.self, Translation.self,
    ]

    /// The name for brightness, saturation and contrast with their usual settings.
    package static let colour = "colour"

    fileprivate static func read(
        _ setting: TaggedSection
    ) throws(ConfigurationError) -> [any SampleTransformation] {
        guard setting.kind != colour else { return [Brightness(), Saturation(), Contrast()] }
        let names = all.map { $0.configurationName } + [colour]
        guard let kind = all.first(where: { $0.configurationName == setting.kind }) else {
            throw setting.section.unknownKind(setting.kind, known: names.sorted())
        }
        return [try kind.init(reading: setting.section)]
    }
}

extension Augmentation {
    /// `augmentation: [colour, translation, cutout]`, or
    /// `augmentation: {transformations: [{translation: 0.25}], probability: 0.5}`.
    package init(reading section: ConfigurationSection) throws(ConfigurationError) {
        section.shorthand(for: "transformations")
        var transformations: [any SampleTransformation] = []
        for setting in try section.taggedList("transformations") {
            transformations += try TransformationCatalogue.read(setting)
        }
        guard !transformations.isEmpty else {
            throw section.invalid(
                "transformations", "are none; name some, such as 'translation', or remove the key")
        }
        self.init(transformations, probability: try Probability(reading: section))
    }
}

extension Augmentation.Probability {
    /// The kind of `probability` that changes by itself.
    package static let adaptiveName = "adaptive"

    /// `probability: 0.5`, `probability: {linear: {from: 0, to: 0.3, samples: 100000}}`,
    /// `probability: adaptive`, or `probability: {adaptive: {target: 0.6}}`.
    fileprivate init(reading section: ConfigurationSection) throws(ConfigurationError) {
        guard
            let setting = try section.tagged(
                "probability", ifKind: Self.adaptiveName, default: "1.0")
        else {
            self = .scheduled(
                try section.scheduledNumber("probability", default: 1, in: .probability))
            return
        }
        self = .adaptive(
            AdaptiveProbability(
                target: try setting.value("target", .number(in: -1...1), default: 0.6),
                interval: try setting.value("interval", .integer(in: 1...10_000), default: 4),
                samples: try setting.value("samples", .number(greaterThan: 0), default: 500_000),
                initial: try setting.value("initial", .number(in: 0...1), default: 0)))
    }
}
