package import StrictYAML
public import TensorGraph

/// Each pixel repeated: enlargement by a whole factor with the nearest neighbour.
public struct Upsample: Layer {
    /// Rows and columns that a pixel becomes.
    package let factor: Int

    /// A layer that makes height and width `factor` times as large, at least 1.
    public init(factor: Int = 2) { self.factor = factor }

    /// `[N, H, W, C]` → `[N, H·factor, W·factor, C]`.
    public func callAsFunction(_ x: Tensor, _ pass: inout ForwardPass) -> Tensor {
        guard x.rank == 4 else { return .notImages(x, "upsampling") }
        guard factor > 0 else {
            return .invalid("images cannot be enlarged by a factor of \(factor)", from: x)
        }
        let (n, h, w, c) = (x.shape[0], x.shape[1], x.shape[2], x.shape[3])
        return x.broadcast(to: [n, h, factor, w, factor, c], axes: [0, 1, 3, 5])
            .reshaped([n, h * factor, w * factor, c])
    }
}

extension Upsample: ConfigurableLayer {
    /// `upsample`, or `upsample: 4`.
    package static let configurationName = "upsample"

    package init(
        reading section: ConfigurationSection, input: Shape, in store: inout ParameterStore
    ) throws(ConfigurationError) {
        section.shorthand(for: "factor")
        self.init(factor: try section.integer("factor", default: 2, in: LayerLimits.window))
    }
}
