/// Weights N(0, 2/fanIn) and biases N(0, 2/fanOut): the standard deviation 1/√(n/2).
///
/// He's variance, as early TensorFlow programs for toy distributions have it: n is the first extent
/// of weights `[inputs, outputs]` and of biases `[outputs]` alike.
public struct FanInNormalInitialisation: Initialisation {
    /// The scheme has no settings.
    public init() {}

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
