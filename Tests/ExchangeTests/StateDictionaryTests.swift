import Exchange
import NeuralNetworks
import TensorGraph
import Testing

@Suite("Names of parameters in PyTorch")
struct StateDictionaryTests {
    private let store: ParameterStore = {
        var store = ParameterStore()
        for name in ["generator", "critic"] {
            store.scoped(name) { store in
                _ = Sequential(
                    in: &store, [{ Linear(2, 3, in: &$0) }, { BatchNorm2d(3, in: &$0) }])
            }
        }
        _ = store.state("critic.0.weight.spectral.u", [3])
        return store
    }()

    private let names = [
        "0.weight", "0.bias", "1.weight", "1.bias", "1.running_mean", "1.running_var",
    ]

    @Test("are those of a network's layers")
    func entries() {
        let entries = StateDictionary.entries(of: "critic", in: store)
        #expect(entries.map(\.name) == names)
        #expect(entries[0].parameter.name == "critic.0.weight")
    }

    @Test("are recognised alone and under their networks")
    func matches() throws {
        let match = { (names: [String], network: String?) in
            try StateDictionary.matches(of: names, for: network, in: store).map(\.parameter.name)
        }
        let (generator, critic) = (names.map { "generator." + $0 }, names.map { "critic." + $0 })
        #expect(try match(names, nil) == generator)
        #expect(try match(names + ["1.num_batches_tracked"], "critic") == critic)
        #expect(try match(critic, nil) == critic)
        #expect(
            try match(critic + generator + ["ema.generator.0.weight"], nil) == generator + critic)
        #expect(try match(critic + generator, "critic") == critic)
    }

    @Test(
        "from which weights are computed anew are refused by what they are",
        arguments: ["0.parametrizations.weight.original", "0.weight_orig", "critic.0.weight_g"])
    func parametrised(name: String) {
        #expect(throws: ExchangeError.parametrised(name: name)) {
            try StateDictionary.matches(of: [name, "0.bias"], for: "critic", in: store)
        }
    }

    @Test("that are missing or too many are errors")
    func mistakes() {
        #expect(throws: ExchangeError.missing(name: "0.bias", network: "generator")) {
            try StateDictionary.matches(
                of: names.filter { $0 != "0.bias" }, for: nil, in: store)
        }
        #expect(throws: ExchangeError.unknown(name: "2.weight", network: "critic")) {
            try StateDictionary.matches(of: names + ["2.weight"], for: "critic", in: store)
        }
        #expect(throws: ExchangeError.missing(name: "critic.0.weight", network: "critic")) {
            try StateDictionary.matches(
                of: names.map { "generator." + $0 }, for: "critic", in: store)
        }
    }
}
