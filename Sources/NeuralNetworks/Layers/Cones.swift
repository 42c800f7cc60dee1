package import StrictYAML
public import TensorGraph

/// The largest of some cones that fall with slope 1: `y = max_j (h_j − |x − a_j|)`, with learned
/// tips at (a_j, h_j).
///
/// Its slope is 1 nearly everywhere and nowhere more, whatever the parameters are, and with enough
/// cones it is as near to any function of slope at most 1 as one likes: such a function is the
/// largest of the cones under it. As a critic it is a c-transform of learned points in place of a
/// batch's. Only the cone that is the largest at a sample learns from it.
///
/// Source: McShane 1934, theorem 1; Villani 2009, definition 5.2. As a layer of a critic it is ours.
public struct Cones: Layer {
    /// a, `[cones, features]`.
    public let centers: Parameter
    /// h, `[cones]`.
    public let heights: Parameter

    /// Creates `centers` and `heights` in `store`.
    ///
    /// - Parameters:
    ///   - features: Numbers of an input.
    ///   - count: How many cones, at least 1.
    ///   - spread: The centres begin uniform in −spread…spread, the heights at zero: about as far
    ///     as samples reach.
    public init(
        _ features: Int, count: Int, spread: Double = 1, in store: inout ParameterStore
    ) {
        centers = store.parameter(
            "centers", [count, features], .bias, initially: .uniform(bound: spread))
        heights = store.parameter("heights", [count], .bias, initially: .constant(0))
    }

    /// `[N, features]` → `[N, 1]`.
    public func callAsFunction(_ x: Tensor, _ pass: inout ForwardPass) -> Tensor {
        let (a, h) = (pass.value(of: centers), pass.value(of: heights))
        guard x.rank == 2, x.shape[1] == a.shape[1] else {
            return .invalid("cones over \(a.shape) take [N, F], not \(x.shape)", from: x)
        }
        let (samples, cones) = (x.shape[0], a.shape[0])
        // Which cone is the largest, by products; how large it is, by differences, which are exact
        // near its tip too.
        let (fixed, tips) = (x.stoppingGradient(), a.stoppingGradient())
        let squares =
            fixed.squared().sum(along: [1]).reshaped([samples, 1])
            + tips.squared().sum(along: [1]).reshaped([1, cones])
            - 2 * fixed.matmul(tips, transposeSecond: true)
        let values = h.stoppingGradient().reshaped([1, cones]) - squares.relu().sqrt()
        let isLargest = values .== values.max(along: [1]).reshaped([samples, 1])
        let share = isLargest / isLargest.sum(along: [1]).reshaped([samples, 1])
        let gap = x - share.matmul(a)
        let distance = Tensor.maximum(gap.squared().sum(along: [1]), Tensor(1e-30)).sqrt()
        return share.matmul(h.reshaped([cones, 1])) - distance.reshaped([samples, 1])
    }
}

extension Cones: ConfigurableLayer {
    /// `cones: 64`, or `cones: {count: 64, spread: 2.5}`.
    package static let configurationName = "cones"

    package init(
        reading section: ConfigurationSection, input: Shape, in store: inout ParameterStore
    ) throws(ConfigurationError) {
        section.shorthand(for: "count")
        self.init(
            try section.features(of: input),
            count: try section.value("count", .integer(in: LayerLimits.features)),
            spread: try section.value("spread", .number(greaterThan: 0), default: 1), in: &store)
    }
}
