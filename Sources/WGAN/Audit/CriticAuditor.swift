import Foundation
import NeuralNetworks
import OptimalTransport
public import TensorGraph

/// Examines the critic of a training as it is at any time.
///
/// The critic counts as a function of one sample: batch normalisation uses its running statistics
/// and dropout does nothing. Weights are those that it computes with, after reparametrisation.
public final class CriticAuditor {
    /// Samples of each kind in an audit.
    public let sampleCount: Int
    /// Whether the norms of convolutions are found.
    public let measuresConvolutions: Bool
    private let setup: TrainingSetup
    private let sampleShape: Shape
    private let device: any Device
    private let executable: any Executable
    private let layers: [String]
    private let convolutions: ConvolutionNorms?
    private static let (real, generated, norms) = ("real", "generated", "gradient norms")
    private static let (realScores, generatedScores) = ("real scores", "generated scores")

    /// Compiles the examination; the networks' parameters must have values on the device.
    ///
    /// - Parameters:
    ///   - sampleCount: At least 2.
    ///   - measuresConvolutions: Whether the norms of convolutions are found, or those of their
    ///     kernels' matrices given in their place, which takes less time.
    /// - Throws: ``TrainingError`` for fewer samples, and for a conditional critic, whose estimate
    ///   is the mean of one distance for each class; what compiling throws.
    public init(
        _ setup: TrainingSetup, sampleShape: Shape, sampleCount: Int,
        measuresConvolutions: Bool = true, on device: any Device
    ) throws {
        guard sampleCount >= 2 else {
            throw TrainingError.setting("an audit needs samples; give it at least 2 of each kind")
        }
        guard setup.condition == nil else {
            throw TrainingError.setting(
                "a conditional critic cannot be audited: it estimates a distance for each class")
        }
        (self.setup, self.sampleShape, self.device) = (setup, sampleShape, device)
        (self.sampleCount, self.measuresConvolutions) = (sampleCount, measuresConvolutions)
        let batch = Shape([sampleCount] + sampleShape.dimensions)
        let (real, generated) = (
            Tensor.input(Self.real, batch), Tensor.input(Self.generated, batch)
        )
        let parameters = setup.parameters.trainable(in: "critic")
        let (weights, context) = try setup.criticWeights(on: device)
        let fresh = ForwardPass(.inference, replacing: weights)
        let score = { (samples: Tensor) in
            var pass = fresh
            return setup.critic(samples, &pass).reshaped([sampleCount])
        }
        var pass = fresh
        let realScores = setup.critic(real, &pass).reshaped([sampleCount])
        convolutions = measuresConvolutions ? try ConvolutionNorms(pass, on: device) : nil
        let mixing = Tensor.randomUniform([sampleCount], stream: context.streams.take())
        let points = GradientPenalty.interpolates(real, generated, mixing: mixing)
        let slopes = GradientPenalty.squaredSlopes(of: score, at: points).sqrt()
        let maps = parameters.filter(\.isLinearMap)
        layers = maps.map(\.name)
        let measured = Set(convolutions?.kernels ?? [])
        let spectral = maps.filter { !measured.contains($0.name) }.map { parameter in
            let value = weights[parameter.variable] ?? parameter.tensor
            return (parameter.name, SpectralNorm.exact(parameter.matrix(of: value)))
        }
        executable = try device.compile(
            Program(
                outputs: [
                    (Self.realScores, realScores), (Self.generatedScores, score(generated)),
                    (Self.norms, slopes),
                ] + spectral))
    }

    /// Examines the critic on given samples.
    ///
    /// - Parameters:
    ///   - real: ``sampleCount`` real samples in row-major order.
    ///   - generated: As many generated ones.
    ///   - otherReal: As many further real ones.
    ///   - otherGenerated: As many further generated ones, for a ``Yardstick``; nil for none.
    ///   - seed: Selects the points between the samples.
    /// - Throws: ``TrainingError`` where a score or gradient is not finite; a `TransportError` for
    ///   samples that are not.
    public func audit(
        real: [Float], generated: [Float], otherReal: [Float], otherGenerated: [Float]? = nil,
        seed: UInt64
    ) throws -> CriticAudit {
        let size = sampleCount * sampleShape.count
        precondition(
            [real, generated, otherReal, otherGenerated ?? real].allSatisfy { $0.count == size },
            "an audit of \(sampleCount) samples takes as many of each kind")
        _ = executable.input(Self.real).update(fromContentsOf: real)
        _ = executable.input(Self.generated).update(fromContentsOf: generated)
        try executable.run(RandomClock(seed: seed))
        let sign: Double = setup.signs == .realScoresHigh ? 1 : -1
        let norms = executable.output(Self.norms).map(Double.init)
        let scores = [Self.realScores, Self.generatedScores].map { name in
            executable.output(name).map { sign * Double($0) }
        }
        guard (norms + scores[0] + scores[1]).allSatisfy(\.isFinite) else {
            throw TrainingError.setting(
                "the critic's scores or slopes are not finite numbers; its training has failed")
        }
        let measures = try [real, generated, otherReal].map {
            try DiscreteMeasure($0, dimensions: sampleShape.count)
        }
        let duality = try KantorovichRubinstein(
            real: measures[0], generated: measures[1], realScores: scores[0],
            generatedScores: scores[1])
        let yardstick = try otherGenerated.map {
            try Yardstick(
                real: measures[0], generated: measures[1], otherReal: measures[2],
                otherGenerated: DiscreteMeasure($0, dimensions: sampleShape.count),
                realScores: scores[0])
        }
        let convolutionNorms = try convolutions?.measure() ?? [:]
        return CriticAudit(
            sampleCount: sampleCount, estimatesWasserstein: setup.objective.estimatesWasserstein,
            estimate: duality.dual, exactW1: duality.exact,
            floorW1: try wasserstein(measures[0], measures[2]),
            slicedW1: try SlicedWasserstein(measures[0], measures[1], p: 1, seed: 0).distance,
            largestPairSlope: duality.largestSlope, gradientNorms: GradientNorms(norms),
            spectralNorms: layers.map {
                .init(name: $0, norm: convolutionNorms[$0] ?? Double(executable.scalar($0)))
            },
            shareAtBound: setup.shareAtClipBound(on: device), yardstick: yardstick)
    }
}

extension TrainingSetup {
    /// The share of the critic's clipped weights whose magnitude is the bound, up to rounding; nil
    /// where nothing is clipped.
    func shareAtClipBound(on device: any Device) -> Double? {
        guard let clipping = constraint.clipping else { return nil }
        let limit = Float(abs(clipping.bound)) * (1 - 1e-5)
        var (atBound, count) = (0, 0)
        for parameter in parameters.trainable(in: "critic")
        where !clipping.onlyConvolutionKernels || parameter.isConvolutionKernel {
            for value in device.value(of: parameter.variable) ?? [] {
                count += 1
                if abs(value) >= limit { atBound += 1 }
            }
        }
        return count > 0 ? Double(atBound) / Double(count) : nil
    }
}

extension LipschitzConstraint {
    /// The clipping that this constraint is, or is combined of.
    fileprivate var clipping: WeightClipping? {
        if let combined = self as? CombinedConstraint {
            return combined.constraints.lazy.compactMap(\.clipping).first
        }
        return self as? WeightClipping
    }
}
