package import StrictYAML
public import TensorGraph

/// The score of a conditional critic: of a sample by itself, and of how well it fits its class.
///
/// `w·x + b + v_y·x` with one learned vector v for each class y, so that the slope is at most
/// ‖w‖ + ‖v_y‖ times that of x.
///
/// Source: Miyato and Koyama 2018, eq. 3, arXiv:1802.05637.
public struct LabelProjection: Layer {
    /// w and b.
    public let linear: Linear
    /// The classes' vectors, `[classes, features]`.
    public let embedding: Embedding

    /// Creates `linear.weight`, `linear.bias` and `embedding.weight` in `store`.
    public init(_ classes: Int, _ features: Int, in store: inout ParameterStore) {
        linear = store.scoped("linear") { Linear(features, 1, in: &$0) }
        embedding = store.scoped("embedding") { Embedding(classes, features, in: &$0) }
    }

    /// `[N, features]` → `[N, 1]`.
    public func callAsFunction(_ x: Tensor, _ pass: inout ForwardPass) -> Tensor {
        guard x.rank == 2, x.shape[1] == embedding.weight.shape[1] else {
            return .invalid(
                "a projection of labels takes [N, \(embedding.weight.shape[1])], not \(x.shape)",
                from: x)
        }
        guard let labels = pass.labels(for: x) else { return .unlabelled(x, "a projection") }
        let fit = (embedding(labels, &pass) * x).sum(along: [1]).reshaped([x.shape[0], 1])
        return linear(x, &pass) + fit
    }
}

extension LabelProjection: ConfigurableLayer {
    /// `labelProjection`.
    package static let configurationName = "labelProjection"

    package init(
        reading section: ConfigurationSection, input: Shape, in store: inout ParameterStore
    ) throws(ConfigurationError) {
        self.init(
            try section.classes(of: store), try section.features(of: input), in: &store)
    }
}
