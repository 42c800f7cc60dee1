/// Weights uniform with variance 2/(fanIn + fanOut), which keeps it through linear layers both
/// ways; biases zero.
///
/// Source: Glorot and Bengio 2010, eq. 16.
public struct XavierInitialisation: Initialisation {
    /// The scheme has no settings.
    public init() {}

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
