public import NeuralNetworks
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
    ///   - probability: A scalar in 0…1.
    ///   - streams: Each transformation takes one.
    public func applied(
        to images: Tensor, probability: Tensor, streams: inout RandomStreams
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
            to: samples, probability: probability, streams: &context.streams)
    }
}
