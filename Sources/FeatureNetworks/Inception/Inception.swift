public import Datasets
import Files
public import Foundation

/// The network of the literature's FID, whose weights `wgan fetch inception` brings.
///
/// Images are rounded to bytes, as files have them, and resized to 299×299 pixels.
public struct Inception: Sendable {
    /// Which program's arithmetic comes before the network.
    public enum Arithmetic: String, Sendable, CaseIterable {
        /// torch-fidelity's, which is that of the first program in TensorFlow: linear resizing from
        /// the corner of the first pixel, and (b − 128)/128 of each byte b.
        case tensorFlow = "inception"
        /// pytorch-fid's: linear resizing between the middles of pixels, and b/127.5 − 1.
        case pyTorch = "inception-pytorch"
    }

    /// What comes before the network.
    public let arithmetic: Arithmetic
    let features: InceptionLayers.Features

    /// The extractor that a user names: `inception`, `inception-pytorch`, or one of them with the
    /// features, `inception:768`; nil where it is another one.
    ///
    /// - Throws: ``FeatureNetworkError/features(_:known:)`` for features that there are not.
    public init?(named name: String) throws {
        let parts = name.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        guard let arithmetic = Arithmetic(rawValue: String(parts[0])) else { return nil }
        let wanted = parts.count > 1 ? String(parts[1]) : InceptionLayers.Features.pool.rawValue
        guard let features = InceptionLayers.Features(rawValue: wanted) else {
            throw FeatureNetworkError.features(
                wanted, known: InceptionLayers.Features.allCases.map(\.rawValue))
        }
        (self.arithmetic, self.features) = (arithmetic, features)
    }

    /// The name that scores have.
    var name: String {
        features == .pool ? arithmetic.rawValue : "\(arithmetic.rawValue):\(features.rawValue)"
    }

    /// The network as ``FeatureNetwork`` reads it.
    var description: String {
        let layers = InceptionLayers(features)
        let isTensorFlow = arithmetic == .tensorFlow
        return """
            name: "\(name)"
            input: [299, 299, 3]
            range: [-1, \(isTensorFlow ? 0.9921875 : 1)]
            resize: \(isTensorFlow ? "linearFromCorner" : "linear")
            features: \(layers.featureLayers)
            layers:
            \(layers.chain.layers.map { "  - \($0)\n" }.joined())
            """
    }

    /// Where the weights are looked for: `swift-wgan/inception` in the user's cache folder.
    public static var file: URL {
        URL(fileURLWithPath: cacheFolder("inception"), isDirectory: true)
            .appending(path: "inception-2015-12-05.safetensors")
    }

    /// The file that pytorch-fid publishes, and torch-fidelity under another name.
    public static let published = PublishedDataset(
        name: "inception",
        files: [
            PublishedFile(
                name: "pt_inception-2015-12-05-6726825d.pth", byteCount: 95_628_359,
                sha256: "6726825d0af5f729cebd5821db510b11b1cfad8faad88a03f1befd49fb9129b2")
        ],
        mirrors: [
            "https://github.com/mseitzer/pytorch-fid/releases/download/fid_weights"
        ])

    /// The network with its weights.
    ///
    /// - Parameter file: The weights, as ``safetensors(of:sha256:)`` makes them.
    /// - Throws: ``FeatureNetworkError/noWeights(path:)`` where they were not fetched, and as
    ///   ``FeatureNetwork/init(contentsOf:)``.
    public func network(from file: URL = Inception.file) throws -> FeatureNetwork {
        guard FileManager.default.fileExists(atPath: file.path) else {
            throw FeatureNetworkError.noWeights(path: file.path)
        }
        return try FeatureNetwork(contentsOf: file, description: description)
    }
}
