public import NeuralNetworks

/// The names that a network's parameters have in PyTorch: those of `state_dict()` of a `Sequential`
/// of the same layers, `0.weight` for `generator.0.weight`. Layouts are PyTorch's already.
public enum StateDictionary {
    /// The parameters of a network in PyTorch's order, with their names there.
    ///
    /// - Parameters:
    ///   - network: The scope of the network: `generator` or `critic`.
    ///   - store: The parameters of all networks.
    public static func entries(
        of network: String, in store: ParameterStore
    ) -> [(name: String, parameter: Parameter)] {
        store.parameters(in: network).filter { $0.role != .state }.map {
            (String($0.name.dropFirst(network.count + 1)), $0)
        }
    }

    /// Which tensors of a file are which parameters.
    ///
    /// A file that names its networks, `generator.0.weight`, may hold several of them; one that
    /// does not, `0.weight`, holds one. What PyTorch counts beside batch statistics is passed over.
    ///
    /// - Parameters:
    ///   - names: The names of the file's tensors.
    ///   - network: The scope to read alone; where nil, all that the file names, or the generator.
    ///   - store: The parameters that the file may be for.
    /// - Returns: The parameters that are read, with the names of their tensors.
    /// - Throws: ``ExchangeError`` where a tensor is missing, or belongs nowhere.
    public static func matches(
        of names: [String], for network: String?, in store: ParameterStore
    ) throws(ExchangeError) -> [(name: String, parameter: Parameter)] {
        let networks = ["generator", "critic"]
        let counted = names.filter { !$0.hasSuffix("num_batches_tracked") }
        let named = networks.filter { scope in counted.contains { $0.hasPrefix(scope + ".") } }
        var found: [(name: String, parameter: Parameter)] = []
        for scope in network.map({ [$0] }) ?? (named.isEmpty ? ["generator"] : named) {
            let prefix = named.isEmpty ? "" : scope + "."
            let entries = entries(of: scope, in: store).map { (prefix + $0.name, $0.parameter) }
            let present = counted.filter { $0.hasPrefix(prefix) }
            // weight_norm and spectral_norm, and what they were before they had a common form.
            let endings = ["_g", "_v", "_orig"].map { "weight" + $0 }
            if let name = present.first(where: { name in
                name.contains(".parametrizations.") || endings.contains(where: name.hasSuffix)
            }) {
                throw .parametrised(name: name)
            }
            for (name, _) in entries where !present.contains(name) {
                throw .missing(name: name, network: scope)
            }
            let known = Set(entries.map(\.0))
            if let name = present.first(where: { !known.contains($0) }) {
                throw .unknown(name: name, network: scope)
            }
            found += entries.map { (name: $0.0, parameter: $0.1) }
        }
        return found
    }
}
