import GraphTestSupport
import NeuralNetworks
import TensorGraph
import Testing

@Suite("Parameter store")
struct ParameterStoreTests {
    private func network(_ scopes: [String]) -> ParameterStore {
        var store = ParameterStore()
        for scope in scopes {
            store.scoped(scope) { store in
                _ = Sequential(
                    in: &store,
                    [{ Linear(2, 3, in: &$0) }, { _ in ReLU() }, { BatchNorm2d(3, in: &$0) }])
            }
        }
        return store
    }

    @Test("parameters have the names and layouts of PyTorch's Sequential")
    func names() {
        let store = network(["critic"])
        #expect(
            store.parameters.map { "\($0.name) \($0.shape)" } == [
                "critic.0.weight [3, 2]", "critic.0.bias [3]", "critic.2.weight [3]",
                "critic.2.bias [3]", "critic.2.running_mean [3]", "critic.2.running_var [3]",
            ])
        #expect(store.trainable(in: "critic").count == 4)
        #expect(store.parameters(in: "crit").isEmpty)
    }

    @Test("initial values depend on seed and name, not on what else there is")
    func independence() throws {
        let values = { (scopes: [String], seed: UInt64) in
            let pairs = try self.network(scopes).initialValues(seed: seed)
            return pairs.first { $0.variable.name == "critic.0.weight" }!.values
        }
        let alone = try values(["critic"], 5)
        #expect(try values(["generator", "critic"], 5) == alone)
        #expect(try values(["critic"], 6) != alone)
        let both = try network(["generator", "critic"]).initialValues(seed: 5)
        #expect(both.first { $0.variable.name == "generator.0.weight" }!.values != alone)
    }

    @Test("two parameters of one name are refused with that name")
    func duplicates() {
        let store = network(["critic", "critic"])
        #expect(throws: ParameterError(name: "critic.0.weight")) {
            try store.initialValues(seed: 0)
        }
    }

    @Test("state is created once, and a copy begins with the numbers of its source")
    func state() throws {
        var store = network(["generator"])
        let count = store.parameters.count
        let source = try #require(store["generator.0.weight"])
        let first = store.copy(of: source, named: "ema.generator.0.weight")
        #expect(store.copy(of: source, named: "ema.generator.0.weight") == first)
        #expect(store.state("count", []) == store.state("count", []))
        #expect(store.parameters.count == count + 2)
        #expect(store.trainable(in: "ema").isEmpty)
        let values = try store.initialValues(seed: 1)
        #expect(
            values.first { $0.variable == first }!.values
                == values.first { $0.variable == source.variable }!.values)
    }

    @Test("state requested with two beginnings is refused")
    func conflictingState() {
        var store = ParameterStore()
        _ = store.state("v", [2])
        _ = store.state("v", [2], initially: .constant(1))
        #expect(throws: ParameterError(name: "v")) { try store.initialValues(seed: 0) }
    }

    @Test("a parameter found by its name has the gradient of the one that a layer uses")
    func gradientOfParameter() throws {
        var store = ParameterStore()
        let layer = Linear(1, 1, bias: false, in: &store)
        var pass = ForwardPass(.training)
        let y = layer(.constant([3], [1, 1]), &pass).sum()
        let known = try #require(store["weight"])
        #expect(
            try evaluate(gradients(of: y, withRespectTo: [known.tensor]), ["weight": [5]]) == [[3]])
    }
}
