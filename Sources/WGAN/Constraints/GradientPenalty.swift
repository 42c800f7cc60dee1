public import NeuralNetworks
package import StrictYAML
public import TensorGraph

/// A penalty that keeps the critic's slope near a target where it matters.
///
/// `λ · mean((‖∇f(x)‖₂ − target)²)`, the norm over all numbers of one sample. The slope is a
/// derivative, so that the loss's gradient differentiates the critic twice.
///
/// Source: Gulrajani et al. 2017, eq. 3, arXiv:1704.00028. Differs in the 1e-12 under the root,
/// which keeps the derivative finite where the slope is zero.
public struct GradientPenalty: LipschitzConstraint, Hashable {
    /// Where the slope is measured.
    public enum Points: Hashable, Sendable {
        /// ε·real + (1 − ε)·generated, with one ε for each sample, uniform in 0…1.
        case interpolates
        /// Real samples moved by noise: real + ε · ½ · deviation of the batch · u, with one ε for
        /// each sample and one u for each number, all uniform in 0…1.
        ///
        /// Source: Kodali et al. 2017, section 2.3, arXiv:1705.07215 (DRAGAN).
        case aroundData
        /// Real samples.
        case real
        /// Generated samples.
        case generated
    }

    /// Which slopes are wrong.
    public enum Sides: Hashable, Sendable {
        /// Those above and below the target.
        case both
        /// Those above the target. Source: Petzka et al. 2017, arXiv:1709.08894.
        case above
    }

    /// λ.
    public var coefficient: ScheduledNumber
    /// The slope wished for, at least zero.
    public var target: Double
    /// Which slopes are wrong.
    public var sides: Sides
    /// Where the slope is measured.
    public var points: Points

    private static let underTheRoot = 1e-12

    /// A penalty with the paper's settings, or others.
    public init(
        coefficient: ScheduledNumber = 10, target: Double = 1, sides: Sides = .both,
        points: Points = .interpolates
    ) {
        (self.coefficient, self.target) = (coefficient, target)
        (self.sides, self.points) = (sides, points)
    }

    /// The penalty at the chosen points, times λ: a scalar.
    ///
    /// It draws ε, one for each sample, for interpolates; around the data also noise.
    public func penalty(
        critic: (Tensor) -> Tensor, real: Tensor, generated: Tensor,
        in context: inout ConstraintContext
    ) -> Tensor? {
        guard real.rank > 0 else { return .invalidSamples(real) }
        let streams = context.streams
        let mixing = { Tensor.randomUniform([real.shape[0]], stream: streams.take()) }
        let samples: Tensor
        switch points {
        case .interpolates:
            samples = Self.interpolates(real, generated, mixing: mixing())
        case .aroundData:
            let noise = Tensor.randomUniform(real.shape, stream: streams.take())
            let deviation = (real - real.mean()).squared().mean().sqrt()
            let share = mixing().spread(over: real)
            samples = real + share * (0.5 * deviation * noise)
        case .real: samples = real
        case .generated: samples = generated
        }
        let coefficient = context.store.tensor(
            of: self.coefficient, named: "constraint.coefficient")
        return coefficient * penalty(critic: critic, at: samples)
    }

    /// Points between real and generated samples.
    ///
    /// - Parameters:
    ///   - real: Real samples, `[N, …]`.
    ///   - generated: As many generated ones.
    ///   - mixing: ε, the share of the real sample, one for each sample: `[N]`.
    public static func interpolates(
        _ real: Tensor, _ generated: Tensor, mixing: Tensor
    ) -> Tensor {
        let share = mixing.spread(over: real)
        return share * real + (1 - share) * generated
    }

    /// The mean penalty at `samples`, before the coefficient: a scalar in squared units of slope.
    public func penalty(critic: (Tensor) -> Tensor, at samples: Tensor) -> Tensor {
        let squares = Self.squaredSlopes(of: critic, at: samples)
        // Without a target the root and its infinite derivative at zero can be avoided.
        if target == 0 { return squares.mean() }
        let excess = (squares + Tensor(Self.underTheRoot)).sqrt() - Tensor(target)
        return (sides == .both ? excess : excess.relu()).squared().mean()
    }

    /// ‖∇f(x)‖₂² of each sample: `[N]`. The samples count as constants.
    ///
    /// Each score must depend on its own sample alone; in a critic with batch normalisation it does
    /// not, and the slopes mean nothing.
    public static func squaredSlopes(
        of critic: (Tensor) -> Tensor, at samples: Tensor
    ) -> Tensor {
        guard samples.rank > 0 else { return .invalidSamples(samples) }
        let fixed = samples.stoppingGradient()
        let slopes = gradients(of: critic(fixed).sum(), withRespectTo: [fixed])[0]
        return slopes.squared().sum(along: Array(1..<samples.rank))
    }
}

extension GradientPenalty {
    /// Only slopes above 1 are penalised, at interpolates.
    public static func oneSided(coefficient: ScheduledNumber = 10) -> Self {
        Self(coefficient: coefficient, sides: .above)
    }

    /// Slope 1 around the data, as in DRAGAN.
    public static func aroundData(coefficient: ScheduledNumber = 10) -> Self {
        Self(coefficient: coefficient, points: .aroundData)
    }

    /// γ/2 · mean ‖∇f(real)‖². Source: Mescheder et al. 2018, eq. 9, arXiv:1801.04406.
    public static func r1(gamma: ScheduledNumber = 10) -> Self {
        Self(coefficient: gamma.scaled(by: 0.5), target: 0, points: .real)
    }

    /// γ/2 · mean ‖∇f(generated)‖². Source: as for R1, eq. 10.
    public static func r2(gamma: ScheduledNumber = 10) -> Self {
        Self(coefficient: gamma.scaled(by: 0.5), target: 0, points: .generated)
    }
}

extension LipschitzConstraint {
    /// The gradient penalty that this constraint is, or is combined of.
    var gradientPenalty: GradientPenalty? {
        if let combined = self as? CombinedConstraint {
            return combined.constraints.lazy.compactMap(\.gradientPenalty).first
        }
        return self as? GradientPenalty
    }
}

extension Tensor {
    /// One number for each sample, `[N]`, with axes of extent 1 to go with `samples`.
    fileprivate func spread(over samples: Tensor) -> Tensor {
        reshaped(Shape(shape.dimensions + samples.shape.dimensions.dropFirst().map { _ in 1 }))
    }

    fileprivate static func invalidSamples(_ x: Tensor) -> Tensor {
        .invalid(
            "a gradient penalty takes samples [N, …], not a tensor of shape \(x.shape)", from: x)
    }
}

extension GradientPenalty: ConfigurableConstraint {
    /// `gradientPenalty`, or
    /// `gradientPenalty: {coefficient: 10, target: 1, sides: both, points: interpolates}`.
    package static let configurationName = "gradientPenalty"

    package static func read(
        _ section: ConfigurationSection
    ) throws(ConfigurationError) -> any LipschitzConstraint {
        GradientPenalty(
            coefficient: try section.scheduledNumber("coefficient", default: 10, in: .positive),
            target: try section.value("target", .number(minimum: 0), default: 1),
            sides: try section.choice(
                "sides", of: ["both": .both, "above": .above], default: "both"),
            points: try section.choice(
                "points",
                of: [
                    "interpolates": .interpolates, "aroundData": .aroundData, "real": .real,
                    "generated": .generated,
                ], default: "interpolates"))
    }
}

/// The name `dragan: {coefficient: 10}` for a penalty around the data.
package enum DRAGAN: ConfigurableConstraint {
    package static let configurationName = "dragan"

    package static func read(
        _ section: ConfigurationSection
    ) throws(ConfigurationError) -> any LipschitzConstraint {
        GradientPenalty.aroundData(
            coefficient: try section.scheduledNumber("coefficient", default: 10, in: .positive))
    }
}

/// The name `r1: {gamma: 10}` for a zero-centred penalty at real samples.
package enum R1: ConfigurableConstraint {
    package static let configurationName = "r1"

    package static func read(
        _ section: ConfigurationSection
    ) throws(ConfigurationError) -> any LipschitzConstraint {
        GradientPenalty.r1(gamma: try section.scheduledNumber("gamma", default: 10, in: .positive))
    }
}

/// The name `r2: {gamma: 10}` for a zero-centred penalty at generated samples.
package enum R2: ConfigurableConstraint {
    package static let configurationName = "r2"

    package static func read(
        _ section: ConfigurationSection
    ) throws(ConfigurationError) -> any LipschitzConstraint {
        GradientPenalty.r2(gamma: try section.scheduledNumber("gamma", default: 10, in: .positive))
    }
}
