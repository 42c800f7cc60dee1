package import StrictYAML
public import TensorGraph

/// The mean of each square window; zeros around the input are left out of the means.
///
/// As PyTorch's `AvgPool2d` with `count_include_pad=False`.
public struct AvgPool2d: Layer {
    /// Rows and columns of a window.
    package let window: Int
    /// Pixels between windows.
    package let stride: Int
    /// Rows and columns around the input that windows may reach into.
    package let padding: Int

    /// A layer of windows of `window`×`window` pixels, at least 1.
    ///
    /// - Parameters:
    ///   - window: Rows and columns of a window.
    ///   - stride: Pixels between windows, at least 1; by default windows lie side by side.
    ///   - padding: How far windows reach beyond each side; at most half of `window`.
    public init(_ window: Int, stride: Int? = nil, padding: Int = 0) {
        (self.window, self.stride, self.padding) = (window, stride ?? window, padding)
    }

    /// `[N, H, W, C]` → `[N, H′, W′, C]`, with H′ = (H + 2·padding − window)/stride + 1 rounded
    /// down: what is left over is ignored.
    public func callAsFunction(_ x: Tensor, _ pass: inout ForwardPass) -> Tensor {
        let windows = PoolingWindows(window, stride, padding, "average pooling")
        if let mistake = windows.mistake(x) { return mistake }
        guard padding > 0 || stride != window else { return sideBySide(x) }
        // The sums of columns, then of rows, are fewer additions than all of a window at once.
        let columns = windows.shifted(x, axis: 2, filling: 0).dropFirstReducing(+)
        let sums = windows.shifted(columns, axis: 1, filling: 0).dropFirstReducing(+)
        guard padding > 0 else { return sums * Tensor(1 / Double(window * window)) }
        let (rows, across) = (windows.counts(x.shape[1]), windows.counts(x.shape[2]))
        let shares = rows.flatMap { row in across.map { 1 / Double(row * $0) } }
        return sums * Tensor.constant(shares, [1, rows.count, across.count, 1])
    }

    private func sideBySide(_ x: Tensor) -> Tensor {
        let (n, h, w, c) = (x.shape[0], x.shape[1] / window, x.shape[2] / window, x.shape[3])
        return x.sliced(from: [0, 0, 0, 0], to: [n, h * window, w * window, c])
            .reshaped([n, h, window, w, window, c])
            .mean(along: [2, 4])
    }
}

extension AvgPool2d: ConfigurableLayer {
    /// `avgPool2d: 2`, or `avgPool2d: {window: 3, stride: 1, padding: 1}`.
    package static let configurationName = "avgPool2d"

    package init(
        reading section: ConfigurationSection, input: Shape, in store: inout ParameterStore
    ) throws(ConfigurationError) {
        let windows = try PoolingWindows(reading: section)
        self.init(windows.window, stride: windows.stride, padding: windows.padding)
    }
}
