import GoldenSupport
import NeuralNetworks
import TensorGraph
import Testing
import WGAN

@Suite("Critics whose samples influence each other")
struct MixingCriticTests {
    @Test("score real and generated samples apart")
    func apart() throws {
        var store = ParameterStore(initialisation: .normal(deviation: 0))
        let generator = store.scoped("generator") { Linear(2, 2, in: &$0) }
        let critic = store.scoped("critic") { store in
            Sequential(
                in: &store,
                [{ _ in MinibatchStandardDeviation(group: 4) }, { Linear(3, 1, in: &$0) }])
        }
        let setup = TrainingSetup(
            latent: Latent(size: 2), generator: generator, critic: critic, parameters: store,
            constraint: CombinedConstraint([]), optimiser: SGD(learningRate: 0.1), batchSize: 4)
        var parameters = setup.parameters
        let program = try CriticStep(setup, sampleShape: [2], in: &parameters).program
        var variables: [String: ReferenceTensor] = [:]
        for (variable, values) in try parameters.initialValues(seed: 0) {
            variables[variable.name] = ReferenceTensor(
                shape: variable.shape, values: values.map(Double.init))
        }
        // The score is the deviation within a group: each kind is four times the same sample.
        variables["critic.1.weight"]!.values = [0, 0, 1]
        let inputs = [
            "real": ReferenceTensor(shape: [4, 2], values: [3, 4, 3, 4, 3, 4, 3, 4]),
            "learning-rate factor": ReferenceTensor(shape: [], values: [1]),
        ]
        let needed = Set(program.inputs.map(\.name))
        let outputs = try runByReference(
            program, inputs.filter { needed.contains($0.key) }, variables
        ).outputs
        for name in ["critic on real", "critic on generated"] {
            #expect(abs(outputs[name]!.values[0] - 1e-4) < 1e-9)
        }
    }
}
