package import StrictYAML
public import TensorGraph

/// Several networks side by side, whose results are one image: the channels of the first branch
/// come first.
///
/// Source: Szegedy et al. 2015, arXiv:1409.4842 (inception modules).
public struct Branches: Layer {
    package let branches: [any Layer]

    /// A layer of branches, at least one, that all see the same input.
    public init(_ branches: [any Layer]) { self.branches = branches }

    /// The branches in their order.
    public var parts: [any Layer] { branches }

    /// `[N, H, W, C]` → `[N, H′, W′, ΣC′]`.
    public func callAsFunction(_ x: Tensor, _ pass: inout ForwardPass) -> Tensor {
        guard x.rank == 4 else { return .notImages(x, "a layer of branches") }
        let results = branches.map { $0(x, &pass) }
        guard let first = results.first else {
            return .invalid("a layer of branches has none", from: x)
        }
        for result in results
        where result.shape.dimensions.dropLast() != first.shape.dimensions.dropLast() {
            return .invalid(
                "branches make \(first.shape) and \(result.shape), which differ in more than their "
                    + "channels", from: first, result)
        }
        return .concatenated(results, axis: 3)
    }
}

extension Branches: ConfigurableLayer {
    /// `branches: [{layers: […]}, {layers: […]}]`.
    package static let configurationName = "branches"

    package init(
        reading section: ConfigurationSection, input: Shape, in store: inout ParameterStore
    ) throws(ConfigurationError) {
        section.shorthand(for: "branches")
        var branches: [any Layer] = []
        for (number, branch) in try section.sections("branches").enumerated() {
            branches.append(
                try store.scoped("\(number)") { (store) throws(ConfigurationError) in
                    Sequential(
                        try ConfiguredNetwork(
                            reading: "layers", of: branch, input: input, in: &store
                        ).layers)
                })
        }
        guard !branches.isEmpty else {
            throw section.invalid("branches", "has none; give at least one, {layers: […]}")
        }
        self.init(branches)
    }
}
