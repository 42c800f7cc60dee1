package import StrictYAML
public import TensorGraph

/// Each channel shifted and scaled to mean 0 and variance 1 over the batch, then by learned
/// numbers.
///
/// `(x − mean) / √(variance + ε) · weight + bias`. While training, mean and biased variance are the
/// batch's, gradients flow through them, and the running statistics move towards them once (the
/// running variance towards the unbiased one); in inference the running statistics are used.
///
/// Source: Ioffe and Szegedy 2015, arXiv:1502.03167; PyTorch's definition.
public struct BatchNorm2d: Layer {
    /// The factor `[channels]`.
    public let weight: Parameter
    /// The addend `[channels]`.
    public let bias: Parameter
    /// `[channels]`, beginning at 0.
    public let runningMean: Parameter
    /// `[channels]`, beginning at 1.
    public let runningVariance: Parameter
    /// Added to the variance.
    package let epsilon: Double
    /// The share of the batch in the new running statistics.
    package let momentum: Double

    /// Creates `weight`, `bias`, `running_mean` and `running_var` in `store`.
    ///
    /// - Parameters:
    ///   - channels: Of the input and of the output.
    ///   - epsilon: Added to the variance.
    ///   - momentum: The share of the batch in the new running statistics.
    ///   - store: Where the parameters are created.
    public init(
        _ channels: Int, epsilon: Double = 1e-5, momentum: Double = 0.1,
        in store: inout ParameterStore
    ) {
        weight = store.parameter("weight", [channels], .normScale)
        bias = store.parameter("bias", [channels], .normShift)
        runningMean = store.parameter(
            "running_mean", [channels], .runningMean, initially: .constant(0))
        runningVariance = store.parameter(
            "running_var", [channels], .runningVariance, initially: .constant(1))
        (self.epsilon, self.momentum) = (epsilon, momentum)
    }

    /// `[N, H, W, channels]` or `[N, channels]`, unchanged in shape.
    public func callAsFunction(_ x: Tensor, _ pass: inout ForwardPass) -> Tensor {
        guard x.rank == 4 || x.rank == 2 else {
            return .invalid(
                "batch normalisation takes [N, H, W, C] or [N, C], not \(x.shape)", from: x)
        }
        let (scale, shift) = (pass.value(of: weight), pass.value(of: bias))
        switch pass.mode {
        case .inference:
            let spread = (pass.value(of: runningVariance) + Tensor(epsilon)).sqrt()
            return (x - pass.value(of: runningMean)) * (scale / spread) + shift
        case .training:
            let samples = x.shape.count / max(x.shape[x.rank - 1], 1)
            guard samples > 1 else {
                return .invalid(
                    "batch normalisation of \(x.shape) has one number per channel; "
                        + "use a larger batch", from: x)
            }
            pass.noteMixing()
            let (mean, variance, deviations) = x.moments(along: Array(0..<x.rank - 1))
            record(mean, variance, samples: samples, in: &pass)
            return deviations * (scale / (variance + Tensor(epsilon)).sqrt()) + shift
        }
    }

    private func record(
        _ mean: Tensor, _ variance: Tensor, samples: Int, in pass: inout ForwardPass
    ) {
        let unbiased = variance * Tensor(Double(samples) / Double(samples - 1))
        for (buffer, batch) in [(runningMean, mean), (runningVariance, unbiased)] {
            let statistic = batch.reshaped(buffer.shape)
            pass.update(
                buffer,
                to: Tensor(1 - momentum) * pass.latestValue(of: buffer)
                    + Tensor(momentum) * statistic)
        }
    }
}

extension BatchNorm2d: ConfigurableLayer {
    /// `batchNorm2d`, or `batchNorm2d: {epsilon: 1e-5, momentum: 0.1}`.
    package static let configurationName = "batchNorm2d"

    package init(
        reading section: ConfigurationSection, input: Shape, in store: inout ParameterStore
    ) throws(ConfigurationError) {
        self.init(
            input.rank == 2 ? input[1] : try section.channels(of: input),
            epsilon: try section.value("epsilon", .number(greaterThan: 0), default: 1e-5),
            momentum: try section.value("momentum", .number(in: 0...1), default: 0.1), in: &store)
    }
}

extension Tensor {
    /// Mean and biased variance along `axes`, which keep the extent 1.
    ///
    /// In two passes, first the mean and then the mean of squared deviations: the difference of
    /// E[x²] and E[x]² would lose all digits where the mean is large.
    ///
    /// - Returns: Also the deviations from the mean, of this tensor's shape.
    package func moments(
        along axes: [Int]
    ) -> (mean: Tensor, variance: Tensor, deviations: Tensor) {
        let kept = Shape(shape.dimensions.indices.map { axes.contains($0) ? 1 : shape[$0] })
        let mean = mean(along: axes).reshaped(kept)
        let deviations = self - mean
        let variance = (deviations * deviations).mean(along: axes).reshaped(kept)
        return (mean, variance, deviations)
    }
}
