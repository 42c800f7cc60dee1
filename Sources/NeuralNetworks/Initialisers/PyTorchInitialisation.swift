/// PyTorch's defaults: weights and biases uniform in ±1/√fanIn, embeddings standard normal.
///
/// Its `kaiming_uniform_` with a = √5 is this distribution.
public struct PyTorchInitialisation: Initialisation {
    /// The scheme has no settings.
    public init() {}

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
