import NeuralNetworks
import TensorGraph
import Testing

@Suite("Initialisation")
struct InitialisationTests {
    /// The standard deviation and the largest magnitude of a parameter's deviations from `mean`.
    private func spread(
        of name: String, _ scheme: any Initialisation, mean: Double = 0,
        _ make: (inout ParameterStore) -> Void
    ) throws -> (deviation: Double, largest: Double) {
        var store = ParameterStore(initialisation: scheme)
        make(&store)
        let values = try store.initialValues(seed: 11).first { $0.variable.name == name }!.values
        let deviations = values.map { Double($0) - mean }
        let average = deviations.reduce(0, +) / Double(values.count)
        let square = deviations.map { $0 * $0 }.reduce(0, +) / Double(values.count)
        #expect(abs(average) <= 5 * (square / Double(values.count)).squareRoot())
        return (square.squareRoot(), deviations.map(abs).max()!)
    }

    private func linear(_ store: inout ParameterStore) { _ = Linear(100, 200, in: &store) }
    private func convolution(_ store: inout ParameterStore) {
        _ = Conv2d(8, 32, kernel: 5, in: &store)
    }
    private func transposed(_ store: inout ParameterStore) {
        _ = ConvTranspose2d(8, 32, kernel: 5, in: &store)
    }

    @Test("PyTorch's scheme is uniform in ±1/√fanIn for weights and biases")
    func pyTorch() throws {
        let cases: [((inout ParameterStore) -> Void, Double)] = [
            (linear, 100), (convolution, 8 * 25), (transposed, 32 * 25),
            ({ _ = Conv2d(32, 64, kernel: 5, groups: 4, in: &$0) }, 8 * 25),
            ({ _ = ConvTranspose2d(32, 64, kernel: 5, groups: 4, in: &$0) }, 16 * 25),
        ]
        for (make, fanIn) in cases {
            let bound = 1 / fanIn.squareRoot()
            let weight = try spread(of: "weight", .pyTorch, make)
            #expect(weight.largest <= bound && weight.largest > 0.97 * bound)
            #expect(abs(weight.deviation / (bound / 3.0.squareRoot()) - 1) < 0.05)
            let bias = try spread(of: "bias", .pyTorch, make)
            #expect(bias.largest <= bound && bias.largest > 0.8 * bound)
        }
        let rows = try spread(of: "weight", .pyTorch) { _ = Embedding(100, 100, in: &$0) }
        #expect(abs(rows.deviation - 1) < 0.05)
    }

    @Test("DCGAN's scheme has deviation 0.02 for weights and scales, and zero biases")
    func dcgan() throws {
        for make in [linear, convolution, transposed] {
            #expect(abs(try spread(of: "weight", .dcgan, make).deviation / 0.02 - 1) < 0.05)
            #expect(try spread(of: "bias", .dcgan, make).largest == 0)
        }
        let scale = try spread(of: "weight", .dcgan, mean: 1) { _ = BatchNorm2d(4000, in: &$0) }
        #expect(abs(scale.deviation / 0.02 - 1) < 0.05)
    }

    @Test("He's, LeCun's, Glorot's, fan-in and plain normal schemes have their deviations")
    func deviations() throws {
        let cases: [(any Initialisation, Double, Double)] = [
            (.heNormal, (2 / 100.0).squareRoot(), 0), (.lecunNormal, 0.1, 0),
            (.fanInNormal, 1 / 50.0.squareRoot(), 1 / 100.0.squareRoot()),
            (.normal(deviation: 0.3), 0.3, 0),
            (.xavier, (2 / 300.0).squareRoot(), 0),
        ]
        for (scheme, weight, bias) in cases {
            #expect(abs(try spread(of: "weight", scheme, linear).deviation / weight - 1) < 0.05)
            let found = try spread(of: "bias", scheme, linear).deviation
            #expect(bias == 0 ? found == 0 : abs(found / bias - 1) < 0.2)
        }
    }

    @Test("normalisations begin as the identity and running statistics at 0 and 1")
    func neutral() throws {
        var store = ParameterStore(initialisation: .heNormal)
        _ = BatchNorm2d(2, in: &store)
        #expect(
            try store.initialValues(seed: 0).map(\.values) == [[1, 1], [0, 0], [0, 0], [1, 1]])
    }
}
