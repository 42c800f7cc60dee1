package import StrictYAML
public import TensorGraph

/// The residual block of R3GAN: narrow, wide in groups, narrow, without normalisation.
///
/// `x + conv3(a(conv2(a(conv1(x)))))`: 1×1 to `expansion` times the channels, 3×3 in groups, 1×1
/// back without a bias, and a leaky ReLU of slope 0.2 between them. The block begins as the
/// identity: `conv3` is zero, and the others are normal with variance gain² · depth^(−1/2) /
/// inputs, where gain² = 2/(1 + 0.2²); biases begin at zero. Networks change the size between such
/// blocks.
///
/// Source: Huang et al. 2024, section 3.3, arXiv:2501.05441; initial values after Zhang et al.
/// 2019, arXiv:1901.09321. The biases, which there belong to the activations, are the
/// convolutions'.
public struct InvertedBottleneck: Layer {
    let conv1, conv2, conv3: Conv2d

    private static let slope = 0.2

    /// Creates `conv1`, `conv2` and `conv3` in scopes of these names.
    ///
    /// - Parameters:
    ///   - channels: Of the input and of the output.
    ///   - groups: Groups of the wide convolution: a divisor of `channels · expansion`.
    ///   - expansion: How many times as wide the block is inside.
    ///   - depth: Blocks in the network, by which the initial values are scaled; at least 1.
    ///   - store: Where the parameters are created.
    public init(
        _ channels: Int, groups: Int, expansion: Int = 2, depth: Int = 1,
        in store: inout ParameterStore
    ) {
        let wide = channels * expansion
        let gain = (2 / (1 + Self.slope * Self.slope)).squareRoot()
        let scheme = ScaledInitialisation(
            gain: gain / Double(max(depth, 1)).squareRoot().squareRoot())
        (conv1, conv2) = store.beginning(by: scheme) { store in
            (
                store.scoped("conv1") { Conv2d(channels, wide, kernel: 1, in: &$0) },
                store.scoped("conv2") {
                    Conv2d(wide, wide, kernel: 3, padding: 1, groups: groups, in: &$0)
                }
            )
        }
        conv3 = store.beginning(by: ScaledInitialisation(gain: 0)) { store in
            store.scoped("conv3") { Conv2d(wide, channels, kernel: 1, bias: false, in: &$0) }
        }
    }

    /// The three convolutions with the activations between them; ``callAsFunction(_:_:)`` adds the
    /// input to their result.
    public var parts: [any Layer] {
        let activation = LeakyReLU(slope: Self.slope)
        return [conv1, activation, conv2, activation, conv3]
    }

    /// `[N, H, W, channels]`, unchanged in shape.
    public func callAsFunction(_ x: Tensor, _ pass: inout ForwardPass) -> Tensor {
        guard x.rank == 4 else { return .notImages(x, "a residual block") }
        return x + parts.reduce(x) { value, layer in layer(value, &pass) }
    }
}

/// Weights N(0, gain²/fanIn), all else zero.
private struct ScaledInitialisation: Initialisation {
    let gain: Double

    func distribution(for role: Parameter.Role, fans: Fans) -> Distribution {
        guard role.isWeight, gain > 0 else { return .constant(0) }
        return .normal(mean: 0, deviation: gain / Double(max(fans.fanIn, 1)).squareRoot())
    }
}

extension InvertedBottleneck: ConfigurableLayer {
    /// `invertedBottleneck: 8`, or `invertedBottleneck: {groups: 8, expansion: 2, depth: 12}`.
    package static let configurationName = "invertedBottleneck"

    package init(
        reading section: ConfigurationSection, input: Shape, in store: inout ParameterStore
    ) throws(ConfigurationError) {
        section.shorthand(for: "groups")
        let channels = try section.channels(of: input)
        let expansion = try section.value("expansion", .integer(in: 1...64), default: 2)
        let groups = try section.value("groups", .integer(in: LayerLimits.channels))
        guard channels * expansion % groups == 0 else {
            throw section.invalid(
                "groups",
                "is \(groups), which does not divide the block's \(channels * expansion) channels; "
                    + "give a divisor of them")
        }
        self.init(
            channels, groups: groups, expansion: expansion,
            depth: try section.value("depth", .integer(in: 1...1000), default: 1), in: &store)
    }
}
