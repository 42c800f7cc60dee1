package import StrictYAML
public import TensorGraph

/// The largest number of each square window, channel by channel.
///
/// As PyTorch's `MaxPool2d`; where several numbers of a window are equally large, gradients go to
/// one of them as `Tensor.maximum` says.
public struct MaxPool2d: Layer {
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
        let windows = PoolingWindows(window, stride, padding, "maximum pooling")
        if let mistake = windows.mistake(x) { return mistake }
        let lowest = -Double.greatestFiniteMagnitude
        let columns = windows.shifted(x, axis: 2, filling: lowest).dropFirstReducing(Tensor.maximum)
        return windows.shifted(columns, axis: 1, filling: lowest)
            .dropFirstReducing(Tensor.maximum)
    }
}

extension MaxPool2d: ConfigurableLayer {
    /// `maxPool2d: 2`, or `maxPool2d: {window: 3, stride: 2, padding: 1}`.
    package static let configurationName = "maxPool2d"

    package init(
        reading section: ConfigurationSection, input: Shape, in store: inout ParameterStore
    ) throws(ConfigurationError) {
        let windows = try PoolingWindows(reading: section)
        self.init(windows.window, stride: windows.stride, padding: windows.padding)
    }
}

/// The windows of a layer that pools.
struct PoolingWindows {
    let window, stride, padding: Int
    private let layer: String

    init(_ window: Int, _ stride: Int, _ padding: Int, _ layer: String) {
        (self.window, self.stride, self.padding, self.layer) = (window, stride, padding, layer)
    }

    /// `maxPool2d: 2`, or with `stride`, which is `window` by default, and `padding`.
    init(reading section: ConfigurationSection) throws(ConfigurationError) {
        section.shorthand(for: "window")
        let window = try section.value("window", .integer(in: LayerLimits.window))
        self.init(
            window,
            try section.value("stride", .integer(in: LayerLimits.window), default: window),
            try section.value("padding", .integer(in: 0...window / 2), default: 0), "pooling")
    }

    /// Why `x` cannot be pooled; nil where it can.
    func mistake(_ x: Tensor) -> Tensor? {
        guard x.rank == 4 else { return .notImages(x, layer) }
        guard window > 0, stride > 0, (0...window / 2).contains(padding),
            window <= min(x.shape[1], x.shape[2]) + 2 * padding
        else { return .invalid("a window of \(window) pixels does not fit \(x.shape)", from: x) }
        return nil
    }

    /// The first, the second, … number of all windows along an axis.
    func shifted(_ x: Tensor, axis: Int, filling: Double) -> [Tensor] {
        var padded = x
        if padding > 0 {
            var shape = x.shape.dimensions
            shape[axis] = padding
            let border = Tensor(filling).broadcast(to: Shape(shape))
            padded = .concatenated([border, x, border], axis: axis)
        }
        let count = windows(x.shape[axis])
        return (0..<window).map { offset in
            var (starts, limits) = ([0, 0, 0, 0], padded.shape.dimensions)
            var strides = [1, 1, 1, 1]
            (starts[axis], limits[axis]) = (offset, offset + (count - 1) * stride + 1)
            strides[axis] = stride
            return padded.sliced(from: starts, to: limits, by: strides)
        }
    }

    /// How many windows fit an axis.
    private func windows(_ size: Int) -> Int { (size + 2 * padding - window) / stride + 1 }

    /// How many numbers of the input each window of an axis has.
    func counts(_ size: Int) -> [Int] {
        (0..<windows(size)).map { place in
            let start = place * stride - padding
            return min(start + window, size) - max(start, 0)
        }
    }
}

extension [Tensor] {
    /// All combined, from the first on.
    func dropFirstReducing(_ combine: (Tensor, Tensor) -> Tensor) -> Tensor {
        dropFirst().reduce(self[0], combine)
    }
}
