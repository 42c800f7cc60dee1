package import StrictYAML
public import TensorGraph

/// Each pixel looks at all of its image, and adds what it finds to itself.
///
/// `x + γ · o(softmax(θ φᵀ) g)`: queries θ and keys φ have an eighth of the channels, values g
/// half, all by 1×1 convolutions without bias; keys and values are the largest of each 2×2 window,
/// so that a quarter of the pixels is looked at. γ begins at zero: the layer begins as the
/// identity.
///
/// Source: Zhang et al. 2019, section 3, arXiv:1805.08318. As in its official program, and unlike
/// the paper's text, keys and values are pooled and values have half of the channels.
public struct SelfAttention: Layer {
    package let theta, phi, g, o: Conv2d
    /// γ, a scalar `[]`.
    public let gamma: Parameter

    /// Creates `gamma`, and `theta`, `phi`, `g` and `o` in scopes of these names.
    ///
    /// - Parameters:
    ///   - channels: Of the input and of the output, at least 8.
    ///   - store: Where the parameters are created.
    public init(_ channels: Int, in store: inout ParameterStore) {
        let point = { (name: String, inputs: Int, outputs: Int, store: inout ParameterStore) in
            store.scoped(name) { Conv2d(inputs, outputs, kernel: 1, bias: false, in: &$0) }
        }
        theta = point("theta", channels, channels / 8, &store)
        phi = point("phi", channels, channels / 8, &store)
        g = point("g", channels, channels / 2, &store)
        o = point("o", channels / 2, channels, &store)
        gamma = store.parameter("gamma", [], .branchScale, initially: .constant(0))
    }

    /// The four convolutions; γ is a parameter of the layer itself.
    public var parts: [any Layer] { [theta, phi, g, o] }

    /// `[N, H, W, channels]`, unchanged in shape; H and W are at least 2.
    public func callAsFunction(_ x: Tensor, _ pass: inout ForwardPass) -> Tensor {
        guard x.rank == 4, min(x.shape[1], x.shape[2]) > 1 else {
            return .invalid(
                "self-attention takes images [N, H, W, C] of at least 2×2 pixels, not \(x.shape)",
                from: x)
        }
        let (n, h, w) = (x.shape[0], x.shape[1], x.shape[2])
        let queries = theta(x, &pass).reshaped([n, h * w, theta.weight.shape[0]])
        let keys = pooled(phi(x, &pass))
        let values = pooled(g(x, &pass))
        let fit = queries.matmul(keys, transposeSecond: true)
        // Softmax does not change with what is subtracted, which therefore counts as constant.
        let largest = fit.max(along: [2]).reshaped([n, h * w, 1]).stoppingGradient()
        let shares = (fit - largest).exp()
        // The shares' sum divides after the product, which has fewer numbers.
        let total = shares.sum(along: [2]).reshaped([n, h * w, 1])
        let found = shares.matmul(values) * (1 / total)
        return x + pass.value(of: gamma)
            * o(found.reshaped([n, h, w, g.weight.shape[0]]), &pass)
    }

    /// The largest of each 2×2 window, `[N, H, W, C]` → `[N, H/2 · W/2, C]`.
    private func pooled(_ x: Tensor) -> Tensor {
        let (n, h, w, c) = (x.shape[0], x.shape[1] / 2, x.shape[2] / 2, x.shape[3])
        return x.sliced(from: [0, 0, 0, 0], to: [n, 2 * h, 2 * w, c])
            .reshaped([n, h, 2, w, 2, c]).max(along: [2, 4]).reshaped([n, h * w, c])
    }
}

extension SelfAttention: ConfigurableLayer {
    package static let configurationName = "selfAttention"

    package init(
        reading section: ConfigurationSection, input: Shape, in store: inout ParameterStore
    ) throws(ConfigurationError) {
        let channels = try section.channels(of: input)
        guard channels % 8 == 0 else {
            throw section.failure(
                "has queries of an eighth of its \(channels) channels; give it a multiple of 8")
        }
        self.init(channels, in: &store)
    }
}
