import ArgumentParser
import ArrayFiles
import CPUExecutor
import Exchange
import Files
import Foundation
import NeuralNetworks
import Runs
import StrictYAML
import TensorGraph
import WGAN

/// `wgan import`.
struct ImportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Make a run of weights that PyTorch saved.",
        discussion: """
            The file holds a state_dict, saved as safetensors: of a generator or a critic alone \
            (0.weight), or of both under their names (generator.0.weight). What the networks are \
            is said by --as: a run, a preset or a configuration file. A network that the file does \
            not have begins as in training. The run can be sampled, evaluated and exported, and \
            wgan resume trains it on from these weights.

            Examples:
              wgan import generator.safetensors --as mnist-gp
              wgan import critic.safetensors --network critic --as runs/mnist-gp-1 \\
                --out runs/mixed
            """)

    @Argument(help: ArgumentHelp("The .safetensors file.", valueName: "file"))
    var file: String

    @Option(
        name: .customLong("as"),
        help: ArgumentHelp(
            "What the networks are: a run's folder, a preset or a .yaml file.",
            valueName: "run|preset|file"))
    var template: String

    @Option(
        name: .customLong("set"),
        help: ArgumentHelp(
            "Change one setting of it, such as latent.size=100; may be repeated.",
            valueName: "key=value"))
    var overrides: [String] = []

    @Option(help: "The network to read alone; by default all that the file names.")
    var network: Network?

    @Option(
        help: ArgumentHelp(
            "Where the run goes: a folder that is absent or empty.",
            discussion: "By default runs/<name>-<n> with the smallest free n.",
            valueName: "folder"))
    var out: String?

    func run() throws {
        let (configuration, weights, run) = try Refusal.guarding { try prepare() }
        var record = RunRecord(begun: Date().ISO8601Format(), imported: absolutePath(file))
        if let template = try templateRun(), !overrides.contains(where: { $0.hasPrefix("data") }) {
            record.data = try RunRecord.of(template)?.data
            if record.data != nil, template.has(RunData.path) {
                try run.write(template.read(RunData.path), at: RunData.path)
            }
        }
        try record.write(in: run)
        try Weights.write(weights, step: 0, in: run)
        // The configuration comes last: it makes the folder a run.
        try run.write(Data(configuration.resolvedYAML.utf8), at: RunFolder.configurationPath)
        try print(run.url.relativePath)
    }

    /// All that can be refused; the run's folder comes last, so that a refusal leaves none behind.
    private func prepare() throws -> (TrainingConfiguration, [Safetensors.Tensor], RunFolder) {
        let path = try templateRun()?.url(of: RunFolder.configurationPath).path ?? template
        let document = try TrainingConfiguration.document(presetOrFile: path)
        for override in overrides { try document.set(override) }
        let configuration = try TrainingConfiguration(document)
        let weights = try values(for: configuration.setup)
        let run = try RunFolder.create(
            at: out.map { URL(fileURLWithPath: $0) }, orNamed: configuration.name)
        return (configuration, weights, run)
    }

    /// The run whose networks are meant; nil where the template is a preset or a file.
    private func templateRun() throws -> RunFolder? {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: template, isDirectory: &isFolder),
            isFolder.boolValue
        else { return nil }
        return try RunFolder(opening: URL(fileURLWithPath: template, isDirectory: true))
    }

    /// The weights of both networks: from the file, or as they begin.
    private func values(for setup: TrainingSetup) throws -> [Safetensors.Tensor] {
        let read = try ImportedWeights(
            URL(fileURLWithPath: file), network: network, for: setup.parameters)
        // Sampling uses the averages where there are some.
        let device = CPUDevice()
        let store = try Sampler(setup, on: device).parameters
        return try setup.initialValues(of: store, on: device).map { variable, initial in
            (
                name: variable.name, shape: variable.shape.dimensions,
                values: read[variable.name] ?? initial
            )
        }
    }
}

/// Weights read from a file.
private struct ImportedWeights {
    private var values: [String: [Float]] = [:]

    init(_ url: URL, network: Network?, for parameters: ParameterStore) throws {
        let file = try SafetensorsFile(contentsOf: url)
        do {
            let names = file.tensorNames
            for (name, parameter) in try StateDictionary.matches(
                of: names, for: network?.rawValue, in: parameters)
            {
                let (shape, values) = try file.tensor(named: name)
                guard shape == parameter.shape.dimensions else {
                    throw ExchangeError.shape(
                        name: name, found: shape, expected: parameter.shape.dimensions)
                }
                self.values[parameter.name] = values
            }
            for parameter in parameters.parameters(in: "generator")
            where names.contains("ema.\(parameter.name)") {
                values["ema.\(parameter.name)"] = try file.tensor(named: "ema.\(parameter.name)")
                    .values
            }
        } catch let error as ExchangeError {
            throw CommandFailure("\(url.relativePath) cannot be imported: \(error)")
        }
    }

    /// The numbers of a parameter; those of an average that the file does not have are its
    /// parameter's. Nil where the file has neither.
    subscript(name: String) -> [Float]? {
        values[name] ?? (name.hasPrefix("ema.") ? values[String(name.dropFirst(4))] : nil)
    }
}
