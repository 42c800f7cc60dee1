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
        case .sampleShape(let found, let expected, let network):
            "\(network) takes images of \(Self.text(expected)), not samples of "
                + "\(Self.text(found)); give such images or another extractor"
        }
    }

    private static func text(_ shape: [Int]) -> String {
        shape.map(String.init).joined(separator: "×")
    }
}
