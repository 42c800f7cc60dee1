/// Weights and biases alike N(0, 2/fanIn): standard deviation 1/√(fanIn/2).
///
/// He's variance for biases too, as early TensorFlow programs for toy distributions have it.
public struct FanInNormalInitialisation: Initialisation {
    /// The scheme has no settings.
    public init() {}

    public func distribution(for role: Parameter.Role, fans: Fans) -> Distribution {
        guard role.isWeight || role == .bias else { return role.neutral }
        return .normal(mean: 0, deviation: 1 / (Double(max(fans.fanIn, 1)) / 2).squareRoot())
    }
}

extension Initialisation where Self == FanInNormalInitialisation {
    /// Weights and biases alike with standard deviation 1/√(fanIn/2).
    public static var fanInNormal: Self { Self() }
}

extension FanInNormalInitialisation: ConfigurableInitialisation, WithoutSettings {
    package static let configurationName = "fanInNormal"
}
