package import StrictYAML
public import TensorGraph

/// The mean of each square window; windows lie side by side.
public struct AvgPool2d: Layer {
    /// Rows and columns of a window.
    package let window: Int

    /// A layer with windows of `window`×`window` pixels, at least 1.
    public init(_ window: Int) { self.window = window }

    /// `[N, H, W, C]` → `[N, H/window, W/window, C]`, rounded down: what is left over is ignored.
    public func callAsFunction(_ x: Tensor, _ pass: inout ForwardPass) -> Tensor {
        guard x.rank == 4 else { return .notImages(x, "average pooling") }
        guard window > 0, window <= min(x.shape[1], x.shape[2]) else {
            return .invalid("a window of \(window) pixels does not fit \(x.shape)", from: x)
        }
        let (n, h, w, c) = (x.shape[0], x.shape[1] / window, x.shape[2] / window, x.shape[3])
        return x.sliced(from: [0, 0, 0, 0], to: [n, h * window, w * window, c])
            .reshaped([n, h, window, w, window, c])
            .mean(along: [2, 4])
    }
}

extension AvgPool2d: ConfigurableLayer {
    /// `avgPool2d: 2`.
    package static let configurationName = "avgPool2d"

    package init(
        reading section: ConfigurationSection, input: Shape, in store: inout ParameterStore
    ) throws(ConfigurationError) {
        section.shorthand(for: "window")
        self.init(try section.value("window", .integer(in: LayerLimits.window)))
    }
}
