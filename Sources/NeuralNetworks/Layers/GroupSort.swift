package import StrictYAML
public import TensorGraph

/// Numbers sorted from the largest down within groups of neighbouring channels.
///
/// A permutation of its input, so that it keeps every norm of it, and of the gradient that comes
/// back: with linear maps of norm 1 it makes networks that can be any function of slope 1. Pairs
/// are MaxMin; one group of all channels sorts whole layers.
///
/// Source: Anil, Lucas and Grosse 2019, arXiv:1811.05381. Groups of LNets are ascending, which
/// differs by a permutation that the next weights take up.
public struct GroupSort: Layer {
    /// Neighbours that are sorted among themselves; nil for all channels.
    package let group: Int?

    /// A layer that sorts groups of so many channels, 2 to 4096; nil for all of them.
    public init(_ group: Int? = 2) { self.group = group }

    /// `[N, F]` or `[N, H, W, C]`, unchanged in shape; the group divides the last axis.
    public func callAsFunction(_ x: Tensor, _ pass: inout ForwardPass) -> Tensor {
        guard let last = x.shape.dimensions.last, x.rank == 2 || x.rank == 4 else {
            return .invalid("sorting takes [N, F] or [N, H, W, C], not \(x.shape)", from: x)
        }
        return x.sorted(inGroupsOf: group ?? last)
    }
}

extension GroupSort: ConfigurableLayer {
    /// `groupSort`, `groupSort: 4`, or `groupSort: {group: null}` for all channels.
    package static let configurationName = "groupSort"

    package init(
        reading section: ConfigurationSection, input: Shape, in store: inout ParameterStore
    ) throws(ConfigurationError) {
        section.shorthand(for: "group")
        let isWhole = section.isNull("group")
        let group =
            isWhole
            ? nil : try section.value("group", .integer(in: 2...Arrange.largestGroup), default: 2)
        let channels = input.dimensions.last ?? 0
        guard channels.isMultiple(of: group ?? 1), channels <= Arrange.largestGroup || !isWhole
        else {
            throw section.invalid(
                "group",
                isWhole
                    ? "is null, for all channels, of which there are \(channels); "
                        + "\(Arrange.largestGroup) is the most"
                    : "must divide the \(channels) channels, but is \(group ?? 0)")
        }
        self.init(group)
    }
}
