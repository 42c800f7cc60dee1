/// Weights N(0, 2/fanIn) and biases N(0, 2/fanOut): the standard deviation 1/√(n/2).
///
/// He's variance, as early TensorFlow programs for toy distributions have it: n is the first extent
/// of weights `[inputs, outputs]` and of biases `[outputs]` alike.
public struct FanInNormalInitialisation: Initialisation {
    /// The scheme has no settings.
    public init() {}

    /// Weights and biases as above; scales and running variances one, all else zero.
    public func distribution(for role: Parameter.Role, fans: Fans) -> Distribution {
        guard role.isWeight || role == .bias else { return role.neutral }
        let extent = role == .bias ? fans.fanOut : fans.fanIn
        return .normal(mean: 0, deviation: 1 / (Double(max(extent, 1)) / 2).squareRoot())
    }
}

extension Initialisation where Self == FanInNormalInitialisation {
    /// Weights with standard deviation 1/√(fanIn/2), biases with 1/√(fanOut/2).
    public static var fanInNormal: Self { Self() }
}

extension FanInNormalInitialisation: ConfigurableInitialisation, WithoutSettings {
    package static let configurationName = "fanInNormal"
}

/// Weights N(0, 2/fanIn), which keeps the variance through layers with ReLU; biases zero.
///
/// Source: He et al. 2015, section 2.2, arXiv:1502.01852.
public struct HeNormalInitialisation: Initialisation {
    /// The scheme has no settings.
    public init() {}

    /// Weights as above; scales and running variances one, all else zero.
    public func distribution(for role: Parameter.Role, fans: Fans) -> Distribution {
        role.normal(variance: 2, fans)
    }
}

extension Initialisation where Self == HeNormalInitialisation {
    /// He's normal scheme for layers with ReLU.
    public static var heNormal: Self { Self() }
}

extension HeNormalInitialisation: ConfigurableInitialisation, WithoutSettings {
    package static let configurationName = "heNormal"
}

/// Weights N(0, 1/fanIn), which keeps the variance through linear layers; biases zero.
///
/// R3GAN's networks begin so outside of their residual blocks.
///
/// Source: LeCun et al. 1998, section 4.6 of Efficient BackProp; Huang et al. 2024,
/// arXiv:2501.05441.
public struct LecunNormalInitialisation: Initialisation {
    /// The scheme has no settings.
    public init() {}

    /// Weights as above; scales and running variances one, all else zero.
    public func distribution(for role: Parameter.Role, fans: Fans) -> Distribution {
        role.normal(variance: 1, fans)
    }
}

extension Initialisation where Self == LecunNormalInitialisation {
    /// LeCun's normal scheme for linear layers.
    public static var lecunNormal: Self { Self() }
}

extension LecunNormalInitialisation: ConfigurableInitialisation, WithoutSettings {
    package static let configurationName = "lecunNormal"
}

/// Weights uniform with variance 2/(fanIn + fanOut), which keeps it through linear layers both
/// ways; biases zero.
///
/// Source: Glorot and Bengio 2010, eq. 16.
public struct XavierInitialisation: Initialisation {
    /// The scheme has no settings.
    public init() {}

    /// Weights in ±√(6/(fanIn + fanOut)); scales and running variances one, all else zero.
    public func distribution(for role: Parameter.Role, fans: Fans) -> Distribution {
        guard role.isWeight else { return role.neutral }
        return .uniform(bound: (6 / Double(max(fans.fanIn + fans.fanOut, 1))).squareRoot())
    }
}

extension Initialisation where Self == XavierInitialisation {
    /// Glorot's uniform scheme.
    public static var xavier: Self { Self() }
}

extension XavierInitialisation: ConfigurableInitialisation, WithoutSettings {
    package static let configurationName = "xavier"
}

/// PyTorch's defaults: weights and biases uniform in ±1/√fanIn, embeddings standard normal.
///
/// Its `kaiming_uniform_` with a = √5 is this distribution.
public struct PyTorchInitialisation: Initialisation {
    /// The scheme has no settings.
    public init() {}

    /// Weights, biases and embeddings as above; scales and running variances one, all else zero.
    public func distribution(for role: Parameter.Role, fans: Fans) -> Distribution {
        switch role {
        case .embeddingWeight: .normal(mean: 0, deviation: 1)
        case _ where role.isWeight || role == .bias:
            .uniform(bound: 1 / Double(max(fans.fanIn, 1)).squareRoot())
        default: role.neutral
        }
    }
}

extension Initialisation where Self == PyTorchInitialisation {
    /// PyTorch's defaults.
    public static var pyTorch: Self { Self() }
}

extension PyTorchInitialisation: ConfigurableInitialisation, WithoutSettings {
    package static let configurationName = "pyTorch"
}
