package import StrictYAML
public import TensorGraph

/// A learned vector of each sample's class, appended to the sample: to its numbers, or to the
/// channels of every pixel.
///
/// The vectors begin as standard normal numbers, whatever the scheme: as large as those of a
/// latent, beside which they often stand.
///
/// Source: Mirza and Osindero 2014, section 3.2, arXiv:1411.1784, who append the class itself.
public struct LabelConcatenation: Layer {
    /// The vectors, `[classes, features]`.
    public let embedding: Embedding

    /// Creates `embedding.weight` in `store`.
    public init(_ classes: Int, _ features: Int, in store: inout ParameterStore) {
        embedding = store.scoped("embedding") {
            Embedding(classes, features, initially: .normal(mean: 0, deviation: 1), in: &$0)
        }
    }

    /// `[N, F]` → `[N, F + features]`, or `[N, H, W, C]` → `[N, H, W, C + features]`.
    public func callAsFunction(_ x: Tensor, _ pass: inout ForwardPass) -> Tensor {
        guard let labels = pass.labels(for: x) else { return .unlabelled(x, "a concatenation") }
        let vectors = embedding(labels, &pass)
        switch x.rank {
        case 2: return .concatenated([x, vectors], axis: 1)
        case 4:
            let spread = Shape(x.shape.dimensions.dropLast() + [vectors.shape[1]])
            return .concatenated([x, vectors.broadcast(to: spread, axes: [0, 3])], axis: 3)
        default:
            return .invalid(
                "labels are appended to [N, F] or [N, H, W, C], not to \(x.shape)", from: x)
        }
    }
}

extension ForwardPass {
    /// The class numbers of the samples `x`, if there are as many.
    func labels(for x: Tensor) -> Tensor? {
        guard let labels, x.rank > 0, labels.shape == [x.shape[0]] else { return nil }
        return labels
    }
}

extension Tensor {
    /// The mistake of using a conditional layer without labels.
    static func unlabelled(_ x: Tensor, _ layer: String) -> Tensor {
        .invalid("\(layer) with labels needs one for each sample of \(x.shape)", from: x)
    }
}

extension ConfigurationSection {
    /// How many classes the labels of a conditional training have.
    func classes(of store: ParameterStore) throws(ConfigurationError) -> Int {
        guard let classes = store.classes else {
            throw failure(
                "needs labels; say how many classes they have with 'condition: {classes: 10}' at "
                    + "the top")
        }
        return classes
    }
}

extension LabelConcatenation: ConfigurableLayer {
    /// `labelConcatenation: 16`, or `labelConcatenation: {features: 16}`.
    package static let configurationName = "labelConcatenation"

    package init(
        reading section: ConfigurationSection, input: Shape, in store: inout ParameterStore
    ) throws(ConfigurationError) {
        section.shorthand(for: "features")
        self.init(
            try section.classes(of: store),
            try section.value("features", .integer(in: LayerLimits.channels)), in: &store)
    }
}

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

/// A learned vector for each class.
public struct Embedding: Layer {
    /// `[classes, features]`.
    public let weight: Parameter

    /// Creates `weight` in `store`.
    ///
    /// - Parameters:
    ///   - classes: How many vectors there are.
    ///   - features: Numbers of a vector.
    ///   - initially: How the vectors begin; where nil, as the store's scheme says.
    ///   - store: Where the parameters are created.
    public init(
        _ classes: Int, _ features: Int, initially: Distribution? = nil,
        in store: inout ParameterStore
    ) {
        weight =
            initially.map {
                store.parameter("weight", [classes, features], .embeddingWeight, initially: $0)
            }
            ?? store.parameter(
                "weight", [classes, features], .embeddingWeight, fans: Fans(features, classes))
    }

    /// Class numbers `[N]`, counted from zero, → `[N, features]`; zeros for other numbers.
    public func callAsFunction(_ x: Tensor, _ pass: inout ForwardPass) -> Tensor {
        guard x.rank == 1 else {
            return .invalid("an embedding takes class numbers [N], not \(x.shape)", from: x)
        }
        let classes = weight.shape[0]
        return x.oneHot(classes: classes).matmul(pass.value(of: weight))
    }
}

extension Tensor {
    /// Class numbers `[N]`, counted from zero, as rows `[N, classes]` with a one at the class.
    public func oneHot(classes: Int) -> Tensor {
        guard rank == 1 else {
            return .invalid("class numbers are a vector [N], not \(shape)", from: self)
        }
        return reshaped([shape[0], 1]) .== .iota([shape[0], classes], axis: 1)
    }
}
