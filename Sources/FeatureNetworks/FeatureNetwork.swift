import ArrayFiles
import Datasets
import Files
public import Foundation
package import NeuralNetworks
import StrictYAML
public import TensorGraph

/// A network that turns images into features, with its weights: a safetensors file.
///
/// The file's metadata has a text `network`, in YAML or JSON:
///
/// ```yaml
/// name: my-classifier      # what scores call the extractor
/// input: [28, 28, 1]       # height, width and channels of an image
/// range: [-1, 1]           # what black and full intensity are
/// resize: lanczos          # how images of other sizes are made to fit: lanczos (or true), linear
///                          # or linearFromCorner; false by default: others are refused
/// features: 17             # layers whose result is the features; all of them by default
/// layers:                  # as in the configuration of a training
///   - conv2d: {outputs: 24, kernel: 3, padding: 1}
///   - relu
/// ```
///
/// The tensors have PyTorch's names and layouts: `0.weight` for the first layer's weight. Where
/// layers follow after the features, their result is one score for each class, whose softmax are
/// the class probabilities.
public struct FeatureNetwork: Sendable {
    /// What scores call the extractor.
    public let name: String
    /// The SHA-256 of the whole file, in hexadecimal digits.
    public let sha256: String
    /// Height, width and channels of an image.
    public let input: Shape
    /// What black and full intensity are.
    public let range: ClosedRange<Double>
    /// Whether images of other sizes are resized, and grey ones get the channels of colour.
    public var resizes: Bool { resizing != nil }
    /// How many features an image has.
    public let featureCount: Int
    /// How many classes it tells apart; nil where no layer follows after the features.
    public let classCount: Int?
    let resizing: ImageResizing?
    package let layers: [any Layer]
    package let featureLayers: Int
    package let parameters: ParameterStore
    /// Images that go through the network at a time.
    let batchSize: Int
    /// The numbers of each parameter.
    let values: [(variable: Variable, values: [Float])]

    /// The longest file that is read, in bytes.
    private static let largestSize = 4 << 30
    /// The key of the description in the file's metadata.
    package static let metadataKey = "network"

    /// Reads a file.
    ///
    /// - Throws: ``FeatureNetworkError`` for a file that describes no network or has other tensors,
    ///   a `ConfigurationError` for layers that do not fit each other, `FileFailure` and
    ///   `FormatFailure` for a file that cannot be read.
    public init(contentsOf url: URL) throws { try self.init(contentsOf: url, description: nil) }

    /// - Parameter description: In place of the one in the file's metadata.
    init(contentsOf url: URL, description: String?) throws {
        let file = try SafetensorsFile(contentsOf: url)
        let size = try url.resourceValues(forKeys: [.fileSizeKey]).fileSize ?? 0
        guard size <= Self.largestSize else {
            throw FeatureNetworkError.description(
                "is longer than 4 GiB; give a smaller one", file: url.lastPathComponent)
        }
        try self.init(
            file, bytes: Data(contentsOf: url), description, named: url.lastPathComponent)
    }

    /// Reads a file in memory, which errors call `file`.
    ///
    /// - Throws: As ``init(contentsOf:)``.
    public init(data: Data, named file: String) throws {
        try self.init(try SafetensorsFile(data: data), bytes: data, nil, named: file)
    }

    private init(
        _ tensors: SafetensorsFile, bytes: Data, _ text: String?, named file: String
    ) throws {
        guard let text = text ?? tensors.metadata[Self.metadataKey] else {
            throw FeatureNetworkError.noDescription(file: file)
        }
        sha256 = SHA256.digest(of: bytes)
        let description = try NetworkDescription(
            yaml: text, file: file, scope: "features-" + sha256.prefix(16))
        name = description.name
        (input, range) = (description.input, description.range)
        resizing = description.resizing
        (featureCount, classCount) = (description.featureCount, description.classCount)
        (layers, featureLayers) = (description.layers, description.featureLayers)
        parameters = description.parameters
        batchSize = description.batchSize
        let scope = description.scope
        values = try parameters.parameters.map { parameter in
            let name = String(parameter.name.dropFirst(scope.count + 1))
            return (parameter.variable, try Self.numbers(of: parameter, name, tensors, file))
        }
    }

    private static func numbers(
        of parameter: Parameter, _ name: String, _ tensors: SafetensorsFile, _ file: String
    ) throws -> [Float] {
        guard tensors.tensorNames.contains(name) else {
            throw FeatureNetworkError.missingTensor(name, file: file)
        }
        let expected = parameter.shape.dimensions
        let found = try tensors.shape(of: name)
        guard found == expected else {
            throw FeatureNetworkError.tensorShape(
                name, found: found, expected: expected, file: file)
        }
        let values = try tensors.tensor(named: name).values
        guard values.allSatisfy(\.isFinite) else {
            throw FeatureNetworkError.notFinite(tensor: name, file: file)
        }
        return values
    }
}

/// Why a file is no feature network, or samples do not suit one.
public enum FeatureNetworkError: Error, Hashable, Sendable, CustomStringConvertible {
    /// A file without the metadata that describes the layers.
    case noDescription(file: String)
    /// A tensor that the layers need is missing.
    case missingTensor(String, file: String)
    /// A tensor of another shape than the layers say.
    case tensorShape(String, found: [Int], expected: [Int], file: String)
    /// A number in a tensor that is not finite.
    case notFinite(tensor: String, file: String)
    /// A description whose numbers do not go together.
    case description(String, file: String)
    /// Features that a network does not have.
    case features(String, known: [String])
    /// The weights of a network that has to be fetched are not there.
    case noWeights(path: String)
    /// Samples of another size than the network takes.
    case sampleShape(found: [Int], expected: [Int], network: String)

    /// One sentence: what is wrong, where, and what to do.
    public var description: String {
        switch self {
        case .noDescription(let file):
            "\(file) is no feature network, since its metadata has no text 'network' that "
                + "describes the layers; see Documentation/judging.md for the form"
        case .missingTensor(let name, let file):
            "\(file) has no tensor \(name), which its layers need; write it with all parameters "
                + "in PyTorch's names"
        case .tensorShape(let name, let found, let expected, let file):
            "\(name) in \(file) has shape \(found), its layers say \(expected); correct one of "
                + "the two"
        case .notFinite(let tensor, let file):
            "\(tensor) in \(file) holds a number that is not finite; give other weights"
        case .description(let message, let file): "the network of \(file) \(message)"
        case .features(let name, let known):
            "there are no features \(name.prefix(80).description.quoted) of Inception; choose from "
                + known.joined(separator: ", ")
        case .noWeights(let path):
            "the weights of Inception are not at \(path); get them by 'wgan fetch inception', or "
                + "'wgan fetch inception --from FILE' where there is no network"
        case .sampleShape(let found, let expected, let network):
            "\(network) takes images of \(Self.text(expected)), not samples of "
                + "\(Self.text(found)); give such images or another extractor"
        }
    }

    private static func text(_ shape: [Int]) -> String {
        shape.map(String.init).joined(separator: "×")
    }
}
