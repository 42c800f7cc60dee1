package import StrictYAML
public import TensorGraph

/// The largest of some cones that fall with slope 1: `y = max_j (h_j − |x − a_j|)`, with learned
/// tips (a_j, h_j).
///
/// Its slope is 1 nearly everywhere and nowhere more, whatever the parameters are, and with enough
/// cones it is as near to any function of slope at most 1 as one likes: such a function is the
/// largest of the cones below it. As a critic it is a c-transform of points that are learned, in
/// place of a batch's.
///
/// Only the cone that is the largest at a sample learns from it, and in many dimensions few cones
/// ever do. With a softness ε all learn: in training y is then `ε ln Σ_j exp((h_j − |x − a_j|)/ε)`,
/// whose slope is no larger.
///
/// Source: McShane 1934, theorem 1; Villani 2009, definition 5.2. As a critic it is ours.
public struct Cones: Layer {
    /// a, `[cones, features]`.
    public let centres: Parameter
    /// h, `[cones]`.
    public let heights: Parameter
    /// ε, a scalar; nil where it is always zero.
    private let softness: Tensor?

    /// Creates `centres` and `heights` in `store`.
    ///
    /// - Parameters:
    ///   - features: Numbers of an input.
    ///   - count: How many cones, at least 1.
    ///   - spread: The centres begin uniform in −spread…spread, the heights at zero: about as far
    ///     as samples reach.
    ///   - softness: ε in training, at least zero, in the unit of the samples.
    ///   - store: Where the parameters are created.
    public init(
        _ features: Int, count: Int, spread: Double = 1, softness: ScheduledNumber = 0,
        in store: inout ParameterStore
    ) {
        centres = store.parameter(
            "centers", [count, features], .bias, initially: .uniform(bound: spread))
        heights = store.parameter("heights", [count], .bias, initially: .constant(0))
        self.softness = softness == 0 ? nil : store.tensor(of: softness, named: "cones.softness")
    }

    /// `[N, features]` → `[N, 1]`.
    public func callAsFunction(_ x: Tensor, _ pass: inout ForwardPass) -> Tensor {
        let (a, h) = (pass.value(of: centres), pass.value(of: heights))
        guard x.rank == 2, x.shape[1] == a.shape[1] else {
            return .invalid("cones over \(a.shape) take [N, F], not \(x.shape)", from: x)
        }
        guard let softness, pass.mode == .training else { return Self.largest(a, h, at: x) }
        let values = h.reshaped([1, a.shape[0]]) - x.distances(to: a)
        let most = values.max(along: [1]).reshaped([x.shape[0], 1]).stoppingGradient()
        let least = Tensor.maximum(softness, Tensor(1e-6))
        let sum = ((values - most) * (1 / least)).exp().sum(along: [1])
        return most + least * sum.reshaped([x.shape[0], 1]).log()
    }

    private static func largest(_ a: Tensor, _ h: Tensor, at x: Tensor) -> Tensor {
        let (samples, cones) = (x.shape[0], a.shape[0])
        // Which cone is the largest, by products; how large it is, by differences, which are exact
        // near its tip too.
        let distances = x.stoppingGradient().distances(to: a.stoppingGradient())
        let values = h.stoppingGradient().reshaped([1, cones]) - distances
        let isLargest = values .== values.max(along: [1]).reshaped([samples, 1])
        let share = isLargest / isLargest.sum(along: [1]).reshaped([samples, 1])
        let gap = x - share.matmul(a)
        let distance = Tensor.maximum(gap.squared().sum(along: [1]), Tensor(1e-30)).sqrt()
        return share.matmul(h.reshaped([cones, 1])) - distance.reshaped([samples, 1])
    }
}

extension Tensor {
    /// The Euclidean distances of all pairs of rows: `[n, F]` and `[m, F]` → `[n, m]`.
    ///
    /// Computed by products, so that distances below a thousandth of the rows' lengths are inexact;
    /// the derivative at a distance of zero is 0.
    package func distances(to other: Tensor) -> Tensor {
        guard rank == 2, other.rank == 2, shape[1] == other.shape[1] else {
            return .invalid(
                "distances are between rows of one length, not \(shape) and \(other.shape)",
                from: self, other)
        }
        let squares =
            squared().sum(along: [1]).reshaped([shape[0], 1])
            + other.squared().sum(along: [1]).reshaped([1, other.shape[0]])
            - 2 * matmul(other, transposeSecond: true)
        // Rounding makes some of the smallest squares negative; the root's slope is infinite at 0.
        return Tensor.maximum(squares, Tensor(1e-12)).sqrt()
    }
}

extension Cones: ConfigurableLayer {
    /// `cones: 64`, or `cones: {count: 256, spread: 2.5, softness: {cosine: {from: 2, to: 0.05,
    /// samples: 1000000}}}`.
    package static let configurationName = "cones"

    package init(
        reading section: ConfigurationSection, input: Shape, in store: inout ParameterStore
    ) throws(ConfigurationError) {
        section.shorthand(for: "count")
        let features = try section.features(of: input)
        let count = try section.value("count", .integer(in: LayerLimits.features))
        let spread = try section.value("spread", .number(greaterThan: 0), default: 1)
        let softness = try section.scheduledNumber("softness", default: 0, in: .notNegative)
        self.init(features, count: count, spread: spread, softness: softness, in: &store)
    }
}
