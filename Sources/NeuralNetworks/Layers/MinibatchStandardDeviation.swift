package import StrictYAML
public import TensorGraph

/// One more channel, which says how much the samples of a group differ: with it a critic sees when
/// a generator makes the same again and again.
///
/// The standard deviation of each number over the samples of a group (biased, with 1e-8 under the
/// root), and the mean of them all, once for each pixel of each sample of the group. A group has
/// `group` samples or, where that does not divide the batch, the most below it that do; with n
/// groups, samples i, i + n, i + 2·n, … are one group.
///
/// Scores then depend on the other samples of a batch. A critic's real and generated samples are
/// scored apart, and a gradient penalty differentiates the sum of all scores at each sample: what
/// it measures includes how the sample changes the scores of its group.
///
/// Source: Karras et al. 2018, section 3, arXiv:1710.10196; groups as in Karras et al. 2020,
/// arXiv:1912.04958.
public struct MinibatchStandardDeviation: Layer {
    /// Samples in a group, at most.
    package let group: Int

    /// Under the root.
    package static let epsilon = 1e-8

    /// A layer with groups of at most `group` samples.
    public init(group: Int = 4) { self.group = group }

    /// `[N, H, W, C]` → `[N, H, W, C + 1]`, or `[N, F]` → `[N, F + 1]`.
    public func callAsFunction(_ x: Tensor, _ pass: inout ForwardPass) -> Tensor {
        guard x.rank == 4 || x.rank == 2, group > 0 else {
            return .invalid(
                "a minibatch's standard deviation in groups of \(group) samples is of [N, H, W, C] "
                    + "or [N, F], not of \(x.shape)", from: x)
        }
        pass.noteMixing()
        let batch = x.shape[0]
        let members = (1...group).last { batch % $0 == 0 } ?? 1
        let sample = Array(x.shape.dimensions.dropFirst())
        let groups = x.reshaped(Shape([members, batch / members] + sample))
        let variance = groups.moments(along: [0]).variance
        let mean = (variance + Tensor(Self.epsilon)).sqrt()
            .mean(along: [0] + Array(2..<groups.rank))
        let channel = mean.broadcast(
            to: Shape([members, batch / members] + sample.dropLast() + [1]), axes: [1])
        return .concatenated(
            [x, channel.reshaped(Shape([batch] + sample.dropLast() + [1]))], axis: x.rank - 1)
    }
}

extension MinibatchStandardDeviation: ConfigurableLayer {
    /// `minibatchStandardDeviation`, or `minibatchStandardDeviation: 8`.
    package static let configurationName = "minibatchStandardDeviation"

    package init(
        reading section: ConfigurationSection, input: Shape, in store: inout ParameterStore
    ) throws(ConfigurationError) {
        section.shorthand(for: "group")
        self.init(group: try section.value("group", .integer(in: 2...1024), default: 4))
    }
}
