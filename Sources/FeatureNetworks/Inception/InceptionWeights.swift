public import ArrayFiles
import Datasets
public import Foundation

extension Inception {
    /// The key in the metadata of the checksum of the file that the weights came from.
    private static let sourceKey = "source-sha256"

    /// Whether ``file`` has the weights of the published file.
    public static var isFetched: Bool {
        (try? SafetensorsFile(contentsOf: file))?.metadata[sourceKey] == published.files[0].sha256
    }

    /// Makes the file of ``file`` of the one that pytorch-fid and torch-fidelity use,
    /// `pt_inception-2015-12-05-6726825d.pth`: each batch normalisation is folded into the
    /// convolution before it, with ε = 0.001.
    ///
    /// - Parameters:
    ///   - archive: The state of the network as `torch.save` writes it.
    ///   - sha256: The checksum of that file, which is kept in the metadata.
    /// - Returns: A safetensors file.
    /// - Throws: ``FeatureNetworkError`` for other tensors, `FormatFailure` for a damaged file.
    public static func safetensors(of archive: PyTorchArchive, sha256: String) throws -> Data {
        let names = InceptionLayers(.logits).chain.names
        var tensors: [(name: String, shape: [Int], values: [Float])] = []
        for name in names {
            let isDense = name.published == "fc"
            let published = isDense ? name.published : name.published + ".conv"
            let (shape, weights) = try archive.numbers(published + ".weight")
            guard shape.count == (isDense ? 2 : 4), let outputs = shape.first, outputs > 0 else {
                throw FeatureNetworkError.description(
                    "has \(published).weight of shape \(shape); give the published file",
                    file: archive.path ?? "the data")
            }
            let fold =
                try isDense
                ? nil : Normalisation(name.published + ".bn", outputs, in: archive)
            let bias = try fold?.bias ?? archive.numbers(published + ".bias", [outputs])
            tensors.append(
                (name.own + ".weight", shape, fold.map { $0.scaled(weights) } ?? weights))
            tensors.append((name.own + ".bias", [outputs], bias))
        }
        return try Safetensors.encode(
            tensors, metadata: ["format": "pt", sourceKey: sha256])
    }
}

/// What a batch normalisation does to each channel.
private struct Normalisation {
    private let scale: [Double]
    let bias: [Float]

    init(_ name: String, _ channels: Int, in archive: PyTorchArchive) throws {
        let numbers = { (part: String) in
            try archive.numbers("\(name).\(part)", [channels]).map(Double.init)
        }
        let (weight, shift) = (try numbers("weight"), try numbers("bias"))
        let (mean, variance) = (try numbers("running_mean"), try numbers("running_var"))
        scale = zip(weight, variance).map { $0 / ($1 + 0.001).squareRoot() }
        bias =
            channels == 0
            ? []
            : scale.indices.map { [scale] in
                Float(shift[$0] - mean[$0] * scale[$0])
            }
    }

    /// Weights `[channels, …]`, channel by channel.
    func scaled(_ weights: [Float]) -> [Float] {
        let size = weights.count / scale.count
        return weights.indices.map { Float(Double(weights[$0]) * scale[$0 / size]) }
    }
}

extension PyTorchArchive {
    fileprivate func numbers(_ name: String) throws -> (shape: [Int], values: [Float]) {
        guard tensorNames.contains(name) else {
            throw FeatureNetworkError.missingTensor(name, file: path ?? "the data")
        }
        return try tensor(named: name)
    }

    fileprivate func numbers(_ name: String, _ shape: [Int]) throws -> [Float] {
        let (found, values) = try numbers(name)
        guard found == shape else {
            throw FeatureNetworkError.tensorShape(
                name, found: found, expected: shape, file: path ?? "the data")
        }
        return values
    }
}
