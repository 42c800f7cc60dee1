import ArrayFiles
import Foundation
import NeuralNetworks
import TensorGraph
import WGAN

/// The numbers of a generator alone, from a file under our names or those of the AIDL21-SAGAN
/// project's generator.
struct GeneratorWeights {
    private let url: URL
    private let file: SafetensorsFile
    private let names: Set<String>

    /// Opens a safetensors file.
    init(at path: String) throws {
        url = URL(fileURLWithPath: path)
        guard !["pt", "pth", "pkl", "ckpt"].contains(url.pathExtension.lowercased()) else {
            throw CommandFailure(
                "\(path) is a pickle of PyTorch's, which could run any program when it is read; in "
                    + "PyTorch save its tensors by safetensors.torch.save_file and name that file")
        }
        file = try SafetensorsFile(contentsOf: url)
        names = Set(file.tensorNames)
    }

    /// Gives a device the numbers of the generator among `parameters`.
    func load(_ parameters: ParameterStore, to device: any Device) throws {
        for parameter in parameters.parameters(in: "generator") where parameter.role != .state {
            let name = try name(of: parameter)
            let (shape, values) = try file.tensor(named: name)
            guard shape == parameter.shape.dimensions else {
                throw CommandFailure(
                    "\(name) in \(url.relativePath) has shape \(shape), where image_size, "
                        + "latent_vector, gen_feature_maps and number_channels make it "
                        + "\(parameter.shape.dimensions); set them to those of its training")
            }
            try device.set(parameter.variable, to: values)
        }
    }

    private func name(of parameter: Parameter) throws -> String {
        let ours = parameter.name
        let parts = ours.split(separator: ".", maxSplits: 2).map(String.init)
        // Our first layer gives latents the form of images, which there they have already.
        let theirs =
            parts.count == 3 ? Int(parts[1]).map { "main.\($0 - 1).\(parts[2])" } : nil
        guard let name = [ours, theirs].compactMap({ $0 }).first(where: names.contains) else {
            throw CommandFailure(
                "\(url.relativePath) has no tensor \(ours)"
                    + (theirs.map { " or \($0)" } ?? "")
                    + "; name the weights of a generator of these keys")
        }
        return name
    }
}
