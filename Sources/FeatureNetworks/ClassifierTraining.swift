import ArrayFiles
public import Datasets
public import Foundation
import NeuralNetworks
import Philox
import StrictYAML
public import TensorGraph

/// Trains a small classifier of 28×28 grey images, whose features then judge generated ones.
///
/// The cross-entropy is minimised by Adam with a learning rate that falls linearly to zero. Equal
/// data, seed and thread count give equal weights.
public final class ClassifierTraining {
    /// Images in a batch.
    public static let batchSize = 128
    private static let learningRate = 2e-3

    /// The description that the file of weights will carry.
    public static func description(of variant: MNISTVariant) -> String {
        """
        name: \(variant.rawValue)-classifier
        input: [28, 28, 1]
        range: [-1, 1]
        features: 18
        layers:
          - conv2d: {outputs: 24, kernel: 3, padding: 1, bias: false}
          - batchNorm2d
          - relu
          - conv2d: {outputs: 24, kernel: 3, stride: 2, padding: 1, bias: false}
          - batchNorm2d
          - relu
          - conv2d: {outputs: 48, kernel: 3, padding: 1, bias: false}
          - batchNorm2d
          - relu
          - conv2d: {outputs: 48, kernel: 3, stride: 2, padding: 1, bias: false}
          - batchNorm2d
          - relu
          - conv2d: {outputs: 64, kernel: 3, stride: 2, bias: false}
          - batchNorm2d
          - relu
          - flatten
          - linear: 64
          - relu
          - dropout: 0.25
          - linear: 10

        """
    }

    /// Steps in all.
    public let steps: Int
    /// Steps done.
    public private(set) var step = 0
    /// The cross-entropy of the last batch, in nats.
    public private(set) var loss = Double.nan
    private let variant: MNISTVariant
    private let images: ImageSet
    private let labels: [UInt16]
    private let seed: UInt64
    private var order: EpochOrder
    private let device: any Device
    private let description: NetworkDescription
    private let executable: any Executable

    /// Compiles the training's step.
    ///
    /// - Parameters:
    ///   - images: 28×28 grey images with labels 0…9, at least a batch.
    ///   - epochs: How many times each image is seen, at least 1.
    /// - Throws: `ImageSetError.noLabels`, `EpochOrderError`, and what compiling throws.
    public init(
        _ variant: MNISTVariant, on images: ImageSet, epochs: Int, seed: UInt64,
        device: any Device
    ) throws {
        guard let labels = images.labels else { throw ImageSetError.noLabels }
        (self.variant, self.images, self.labels) = (variant, images, labels)
        (self.seed, self.device) = (seed, device)
        order = try EpochOrder(
            sampleCount: images.count, batchSize: Self.batchSize, seed: seed,
            stream: ReservedStream.data)
        steps = epochs * order.batchesPerEpoch
        description = try NetworkDescription(
            yaml: Self.description(of: variant), file: variant.rawValue, scope: "classifier")
        var store = description.parameters
        let program = try Self.program(description, in: &store)
        for (variable, values) in try store.initialValues(seed: seed) {
            try device.set(variable, to: values)
        }
        executable = try device.compile(program)
    }

    private static func program(
        _ network: NetworkDescription, in store: inout ParameterStore
    ) throws -> Program {
        let images = Tensor.input("images", Shape([batchSize] + network.input.dimensions))
        let labels = Tensor.input("labels", [batchSize])
        var pass = ForwardPass(.training)
        let scores = Sequential(network.layers)(images, &pass)
        let isLabel = labels.reshaped([batchSize, 1]) .== .iota(scores.shape, axis: 1)
        let loss = -(isLabel * scores.logSoftmax()).sum() * Tensor(1 / Double(batchSize))
        let parameters = store.trainable(in: network.scope)
        let slopes = gradients(of: loss, withRespectTo: parameters.map(\.variable.tensor))
        let step = Adam(learningRate: .constant(learningRate)).step(
            parameters, gradients: slopes, factor: .input("factor", []), scope: network.scope,
            in: &store)
        let values = zip(parameters, step.values).map { ($0.variable, $1) }
        return try Program(
            outputs: [("loss", loss)], updates: values + step.updates + pass.updates)
    }

    /// Goes on to step number `end`.
    ///
    /// - Throws: An `ExecutionError` when the loss is not a finite number.
    public func train(to end: Int) throws {
        while step < min(end, steps) {
            let room = executable.input("images")
            let (variant, seed, step, labels) = (variant, seed, step, labels)
            let classes = executable.input("labels")
            order.withBatch(step) { batch in
                // Clothes keep their class when they are mirrored, digits do not.
                images.fill(batch: batch, into: room) { index in
                    variant == .fashion && Self.coin(index, step, seed)
                }
                for (place, index) in batch.enumerated() { classes[place] = Float(labels[index]) }
            }
            executable.input("factor")[0] = 1 - Float(step) / Float(steps)
            try executable.run(RandomClock(seed: seed, step: UInt64(step)))
            loss = Double(executable.scalar("loss"))
            guard loss.isFinite else {
                throw ExecutionError("the classifier's loss is not a finite number at step \(step)")
            }
            self.step += 1
        }
    }

    /// A fair coin for an image in a step.
    private static func coin(_ index: Int, _ step: Int, _ seed: UInt64) -> Bool {
        var bits = seed ^ UInt64(index) &* 0x9E37_79B9_7F4A_7C15 ^ UInt64(step) << 32
        bits = (bits ^ bits >> 30) &* 0xBF58_476D_1CE4_E5B9
        return (bits ^ bits >> 27) >> 40 & 1 == 1
    }

    /// The weights as a file that ``FeatureNetwork`` reads.
    public func safetensors() throws -> Data {
        let tensors = description.parameters.parameters.map { parameter in
            (
                name: String(parameter.name.dropFirst(description.scope.count + 1)),
                shape: parameter.shape.dimensions,
                values: device.value(of: parameter.variable) ?? []
            )
        }
        return try Safetensors.encode(
            tensors,
            metadata: [
                "format": "pt", FeatureNetwork.metadataKey: Self.description(of: variant),
            ])
    }
}
