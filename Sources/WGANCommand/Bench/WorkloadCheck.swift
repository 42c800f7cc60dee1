import ArrayFiles
import Foundation
import NeuralNetworks
import TensorGraph
import WGAN

/// One iteration with parameters and random draws from a file, so that engines can be compared.
///
/// `inputs.safetensors` holds the parameters under their PyTorch names and the draws as
/// `draw/critic/<k>/real`, `…/latent`, `…/alpha` and `draw/generator/latent`; what becomes of the
/// parameters, and the losses, go to `outputs.safetensors`.
struct WorkloadCheck {
    private let workload: Workload
    private let precision: Precision

    init(_ workload: Workload, _ precision: Precision) {
        (self.workload, self.precision) = (workload, precision)
    }

    func run(in folder: URL, on device: any Device) throws {
        let file = try SafetensorsFile(
            contentsOf: folder.appendingPathComponent("inputs.safetensors"))
        let setup = workload.setup(precision: precision)
        let programs = try workload.programs(of: setup)
        let critic = try Fed(programs.critic, on: device)
        let generator = try Fed(programs.generator, on: device)
        for (variable, values) in try programs.store.initialValues(seed: setup.seed) {
            try device.set(variable, to: values)
        }
        for parameter in setup.parameters.parameters where file.tensorNames.contains(parameter.name)
        {
            try device.set(parameter.variable, to: file.tensor(named: parameter.name).values)
        }
        var losses: [(name: String, shape: [Int], values: [Float])] = []
        for update in 0..<setup.schedule.updates(inStep: 0).critic {
            let loss = try critic.run("draw/critic/\(update)", from: file, for: CriticStep.loss)
            losses.append(("loss/critic/\(update)", [], [loss]))
        }
        let loss = try generator.run("draw/generator", from: file, for: GeneratorStep.loss)
        losses.append(("loss/generator", [], [loss]))
        let parameters = setup.parameters.parameters.map {
            ($0.name, $0.shape.dimensions, device.value(of: $0.variable) ?? [])
        }
        try Safetensors.write(
            losses + parameters, to: folder.appendingPathComponent("outputs.safetensors"))
    }
}

/// A program whose random numbers come from a file.
private struct Fed {
    private let executable: any Executable
    private let inputs: [String]

    init(_ program: Program, on device: any Device) throws {
        let fed = program.takingRandomNumbersAsInputs()
        inputs = fed.inputs.map(\.name)
        executable = try device.compile(fed)
    }

    /// Normal numbers are latents, uniform ones the places between real and generated samples.
    func run(_ draws: String, from file: SafetensorsFile, for loss: String) throws -> Float {
        for name in inputs {
            let kind =
                name.hasPrefix("normal") ? "latent" : name.hasPrefix("uniform") ? "alpha" : "real"
            let values = try file.tensor(named: "\(draws)/\(kind)").values
            let place = executable.input(name)
            guard values.count == place.count else {
                throw CommandFailure(
                    "\(draws)/\(kind) has \(values.count) numbers; the workload takes "
                        + "\(place.count)"
                )
            }
            _ = place.update(from: values)
        }
        try executable.run(RandomClock())
        return executable.scalar(loss)
    }
}
