import CPUExecutor
import Evaluation
import FeatureNetworks
import Foundation
import TensorGraph

/// The extractor that a measure was asked for, ready to see samples.
struct Extraction {
    /// Nil for samples as they are.
    let extractor: FeatureExtractor?
    private let reader: SampleReader

    /// Opens `pixels`, the name of a classifier that comes with the package, or a file.
    init(_ options: MeasureOptions) throws {
        extractor = try Self.network(options.extractor).map {
            try FeatureExtractor($0, on: CPUDevice(threads: options.threads))
        }
        reader = SampleReader(
            options: options, imageShape: extractor?.network.input.dimensions)
    }

    static func network(_ name: String) throws -> FeatureNetwork? {
        if name == "pixels" { return nil }
        if let classifier = BuiltInClassifier(rawValue: name) { return try classifier.network }
        guard name.hasSuffix(".safetensors") else {
            let known = BuiltInClassifier.allCases.map(\.rawValue).joined(separator: ", ")
            throw CommandFailure(
                "there is no extractor '\(name.prefix(200))'; choose from pixels, \(known), or give "
                    + "a .safetensors file")
        }
        return try FeatureNetwork(contentsOf: URL(fileURLWithPath: name))
    }

    /// The features of what the user named.
    func features(_ place: String) throws -> (Samples, FeatureMatrix) {
        let samples = try reader.read(place)
        guard let result = try result(samples) else { return (samples, try samples.rows()) }
        return (samples, result.features)
    }

    /// What the network makes of samples; nil without one.
    func result(_ samples: Samples) throws -> FeatureExtractor.Result? {
        guard let extractor else { return nil }
        switch samples.content {
        case .images(let images): return try extractor.result(of: images)
        case .array(let array):
            return try extractor.result(
                of: array.values, shape: .init(samples.sampleShape))
        }
    }

    /// What the network makes of samples that the user named.
    func result(_ place: String) throws -> (Samples, FeatureExtractor.Result?) {
        let samples = try reader.read(place)
        return (samples, try result(samples))
    }

    /// What results say about the extractor.
    var facts: [(name: String, value: JSONValue)] {
        guard let network = extractor?.network else { return [("extractor", .text("pixels"))] }
        return [("extractor", .text(network.name)), ("extractorSHA256", .text(network.sha256))]
    }
}
