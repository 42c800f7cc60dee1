public import TensorGraph

/// A new value for a variable, assigned when a program ends.
public typealias VariableUpdate = (variable: Variable, value: Tensor)

/// What layers need to know, and leave behind, while they are applied.
///
/// Whether a network is being trained is said here, once for each pass: there is no global mode.
public struct ForwardPass {
    /// Whether layers behave as while learning or as in use.
    public enum Mode: Hashable, Sendable {
        /// Statistics of the batch; dropout is active.
        case training
        /// Running statistics; dropout does nothing.
        case inference
    }

    /// Whether layers behave as while learning or as in use.
    public let mode: Mode
    /// Whether a pass in training mode moves the running statistics.
    public var recordsUpdates: Bool
    /// The samples' class numbers, `[N]`, for layers that depend on them; nil where nothing is
    /// known.
    public var labels: Tensor?
    /// Whether some layer so far has made a sample's result depend on the rest of its batch.
    public private(set) var mixesSamples = false
    /// The convolutions that were applied so far, in their order.
    public private(set) var convolutions: [AppliedConvolution] = []
    /// Where random layers take their streams from.
    package private(set) var streams: RandomStreams
    private let replacements: [Variable: Tensor]
    private var changed: [Variable] = []
    private var changes: [Variable: Tensor] = [:]

    /// A pass that has seen no layer yet.
    ///
    /// - Parameters:
    ///   - mode: Whether layers behave as while learning or as in use.
    ///   - replacements: Values to use in place of variables: reparametrised weights, averages.
    ///   - streams: Where random layers take their streams from; shared by all passes of a program.
    ///   - recordsUpdates: Whether a pass in training mode moves the running statistics.
    public init(
        _ mode: Mode, replacing replacements: [Variable: Tensor] = [:],
        streams: RandomStreams = RandomStreams(), recordsUpdates: Bool = true
    ) {
        self.mode = mode
        self.replacements = replacements
        self.streams = streams
        self.recordsUpdates = recordsUpdates
    }

    /// The value that layers compute with.
    public func value(of parameter: Parameter) -> Tensor {
        replacements[parameter.variable] ?? parameter.tensor
    }

    /// `map` of images `[N, H, W, C]` and a kernel's value, noted among ``convolutions``.
    ///
    /// - Parameters:
    ///   - x: The images.
    ///   - kernel: The kernel, whose value is this pass's.
    ///   - map: Linear in the images.
    public mutating func convolve(
        _ x: Tensor, with kernel: Parameter,
        _ map: @escaping (_ images: Tensor, _ kernel: Tensor) -> Tensor
    ) -> Tensor {
        let input = Shape(Array(x.shape.dimensions.dropFirst()))
        convolutions.append(AppliedConvolution(kernel: kernel, input: input, map: map))
        return map(x, value(of: kernel))
    }

    /// The value that a buffer has by now: changed by an earlier application within this pass, or
    /// as it was at the beginning.
    public func latestValue(of buffer: Parameter) -> Tensor {
        changes[buffer.variable] ?? value(of: buffer)
    }

    /// Gives a buffer a new value, unless the pass does not record.
    public mutating func update(_ buffer: Parameter, to value: Tensor) {
        guard recordsUpdates else { return }
        if changes.updateValue(value, forKey: buffer.variable) == nil {
            changed.append(buffer.variable)
        }
    }

    /// The buffers' new values, in the order of their first change.
    public var updates: [VariableUpdate] { changed.map { ($0, changes[$0]!) } }

    /// Says that a sample's result depends on the rest of its batch: a critic then scores real and
    /// generated samples apart.
    public mutating func noteMixing() { mixesSamples = true }

    /// A random stream that no other layer has.
    public func takeStream() -> UInt32 { streams.take() }

    /// The pass as it is now, to see what layers would do in it: it takes no streams away.
    public var rehearsal: ForwardPass {
        var pass = self
        pass.streams = RandomStreams()
        return pass
    }
}

/// A convolution as it was applied: with its stride and padding, to images of a certain size.
public struct AppliedConvolution {
    /// Its kernel.
    public let kernel: Parameter
    /// `[H, W, C]`: one image.
    public let input: Shape
    /// What images `[N, H, W, C]` and a value of the kernel become; linear in the images.
    public let map: (_ images: Tensor, _ kernel: Tensor) -> Tensor
}

/// Hands out numbers of random streams, each once, so that no two draws of a program coincide.
///
/// All that draws within a program shares one: a copy that went on by itself would hand out the
/// same numbers again.
public final class RandomStreams {
    private var next: UInt32

    /// Numbers from `first` on.
    public init(startingAt first: UInt32 = 0) { next = first }

    /// A stream that nobody else has.
    public func take() -> UInt32 {
        defer { next += 1 }
        return next
    }
}
