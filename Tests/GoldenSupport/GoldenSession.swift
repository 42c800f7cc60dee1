import FileTestSupport
import NeuralNetworks
import TensorGraph
import WGAN

/// One case being reproduced by one executor.
struct GoldenSession {
    let subject: GoldenTrainingCase
    let tolerance: Tolerance
    let precision: GoldenPrecision
    let runner: ProgramRunner
    var store = ParameterStore()
    var report = GoldenReport()
    private(set) var networks: [String: GoldenNetwork] = [:]

    init(
        _ subject: GoldenTrainingCase, _ tolerance: Tolerance, _ precision: GoldenPrecision,
        _ runner: @escaping ProgramRunner
    ) throws {
        self.subject = subject
        self.tolerance = tolerance
        self.precision = precision
        self.runner = runner
        for (name, layers) in subject.networks {
            networks[name] = try GoldenNetwork(name, layers, in: &store)
        }
        let made = Set(store.parameters.map(\.name))
        let given = Set(subject.params.keys).union(subject.buffers.keys)
        guard made == given else {
            throw GoldenError("\(subject.id): parameters \(made.symmetricDifference(given)) differ")
        }
    }

    func network(_ name: String) throws -> GoldenNetwork {
        guard let network = networks[name] else {
            throw GoldenError("\(subject.id) has no \(name)")
        }
        return network
    }

    /// All variables of `store` before the first step: the file's numbers, and for the optimisers'
    /// state its own beginnings.
    func initialVariables(_ store: ParameterStore) throws -> [String: ReferenceTensor] {
        var values: [String: ReferenceTensor] = [:]
        for (variable, numbers) in try store.initialValues(seed: 0) {
            values[variable.name] = ReferenceTensor(
                shape: variable.shape, values: numbers.map(Double.init))
        }
        for (name, tensor) in subject.params { values[name] = tensor.reference }
        for (name, tensor) in subject.buffers { values[name] = tensor.reference }
        return values
    }

    /// An input of the case, images channels last.
    func values(of input: String) throws -> ReferenceTensor {
        guard let tensor = subject.inputs[input] else {
            throw GoldenError("\(subject.id) has no input \(input)")
        }
        return tensor.reference.channelsLast
    }

    func placeholder(_ input: String) throws -> Tensor {
        .input(input, try values(of: input).shape)
    }

    func allInputs() throws -> [String: ReferenceTensor] {
        try Dictionary(
            uniqueKeysWithValues: subject.inputs.keys.map { ($0, try values(of: $0)) })
    }

    /// Runs `program` with those of `inputs` that it has.
    func run(
        _ program: Program, _ inputs: [String: ReferenceTensor],
        _ variables: inout [String: ReferenceTensor]
    ) throws -> [String: ReferenceTensor] {
        let needed = Set(program.inputs.map(\.name))
        let result = try runner(program, inputs.filter { needed.contains($0.key) }, variables)
        variables.merge(result.variables) { $1 }
        return result.outputs
    }

    /// Compares with what the case expects under `path`, groups member by member.
    mutating func compare(
        _ path: String, _ expected: GoldenResult, _ got: [String: ReferenceTensor]
    ) throws {
        switch expected {
        case .number(let number):
            compare(path, got[path], ReferenceTensor(shape: [], values: [number]))
        case .tensor(let tensor):
            // Parameters have one layout here and there; samples do not.
            let isParameter = path.contains("/")
            compare(
                path, isParameter ? got[path] : got[path]?.channelsFirst, tensor.reference)
        case .group(let members):
            for (name, member) in members { try compare("\(path)/\(name)", member, got) }
        case .numbers, .names:
            throw GoldenError("\(subject.id): \(path) is not an array that a step can give")
        }
    }

    mutating func compare(_ what: String, _ got: ReferenceTensor?, _ expected: ReferenceTensor) {
        report.compare("\(subject.id) \(what)", got, with: expected, tolerance)
    }

    /// Compares variables; in single precision those in `loose` with an absolute bound.
    mutating func compareVariables(
        _ what: String, _ got: [String: ReferenceTensor], _ expected: [String: GoldenTensor],
        loose: [String], bound: Double
    ) {
        for (name, tensor) in expected {
            let isLoose = precision == .single && loose.contains(name)
            report.compare(
                "\(subject.id) \(what) \(name)", got[name], with: tensor.reference,
                isLoose ? Tolerance(abs: bound, rel: 0) : tolerance)
        }
    }
}
