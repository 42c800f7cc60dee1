import CPUExecutor
import Datasets
import Evaluation
import FeatureNetworks
import Files
import Foundation
import Runs
import TensorGraph

/// The extractor that a measure was asked for, ready to see samples.
struct Extraction {
    /// Nil for samples as they are.
    let extractor: FeatureExtractor?
    private let reader: SampleReader

    /// Opens `pixels`, the name of a network that comes with the package, or a file.
    init(_ options: MeasureOptions) throws {
        extractor = try Self.network(options.usedExtractor).map {
            try FeatureExtractor($0, on: CPUDevice(threads: options.threads))
        }
        let network = extractor?.network
        reader = SampleReader(
            options: options,
            imageShape: network?.resizes == true ? nil : network?.input.dimensions,
            takesImages: extractor != nil)
    }

    /// The network that a user names; nil for pixels.
    static func network(_ name: String) throws -> FeatureNetwork? {
        if name == "pixels" { return nil }
        if name == RandomFeatures.name { return try RandomFeatures.network }
        if let classifier = BuiltInClassifier(rawValue: name) { return try classifier.network }
        if let inception = try Inception(named: name) {
            return try inception.network()
        }
        guard name.hasSuffix(".safetensors") else {
            let known = BuiltInClassifier.allCases.map(\.rawValue).joined(separator: ", ")
            throw CommandFailure(
                "there is no extractor '\(name.prefix(200))'; choose from pixels, random, "
                    + "\(known), inception, inception-pytorch, or give a .safetensors file")
        }
        return try FeatureNetwork(contentsOf: URL(fileURLWithPath: name))
    }

    /// One side with its features, and the class probabilities where its network has classes.
    struct Side {
        let samples: Samples
        let features: FeatureMatrix
        let probabilities: FeatureMatrix?
    }

    /// The features of both sides that the user named.
    ///
    /// - Parameter work: Told how many of the samples have features.
    func features(
        _ first: MeasureSide, _ second: MeasureSide, _ work: PartProgress?
    ) throws -> (Side, Side) {
        let (a, b) = try reader.sides(first, second)
        let share = Double(a.count) / Double(a.count + b.count)
        let sides = (
            try first.reading { _ in try side(a) { work?(share * $0, "features of A") } },
            try second.reading { _ in
                try side(b) { work?(share + (1 - share) * $0, "features of B") }
            }
        )
        if try areTransposed(a, sides.1) { note(Transposition.comparison) }
        return sides
    }

    /// The features of one side alone.
    func features(_ side: MeasureSide, _ work: PartProgress?) throws -> Side {
        try side.reading { place in
            try reader.requireArrays(among: [place])
            return try self.side(reader.read(place)) { work?($0, "features") }
        }
    }

    /// Whether square images look transposed beside those of the other side.
    private func areTransposed(_ samples: Samples, _ other: Side) throws -> Bool {
        let shape = samples.sampleShape
        let count = min(samples.count, Transposition.sampleCount)
        guard shape.count == 3, shape[0] == shape[1], shape == other.samples.sampleShape else {
            return false
        }
        let images: [Float]
        switch samples.content {
        case .images(let set): images = set.scaled(Array(0..<count))
        case .array(let array): images = Array(array.scaled.prefix(count * shape.reduce(1, *)))
        case .points: return false
        }
        let turned = Transposition.turned(images, side: shape[0], channels: shape[2])
        let features = { (images: [Float]) in
            try extractor?.result(of: images, shape: .init(shape)).features
                ?? FeatureMatrix(images.map { $0 * 0.5 + 0.5 }, dimensions: shape.reduce(1, *))
        }
        return Transposition.isLikely(
            try features(images), turned: try features(turned), beside: other.features)
    }

    private func side(_ samples: Samples, _ share: (Double) -> Void) throws -> Side {
        let progress = { (done: Int) in share(Double(done) / Double(samples.count)) }
        let found = try result(samples, progress)
        return Side(
            samples: samples, features: try found?.features ?? samples.rows(),
            probabilities: found?.probabilities)
    }

    /// What the network makes of samples; nil without one.
    private func result(
        _ samples: Samples, _ progress: (Int) -> Void
    ) throws -> FeatureExtractor.Result? {
        guard let extractor else { return nil }
        switch samples.content {
        case .images(let images): return try extractor.result(of: images, progress: progress)
        case .array(let images):
            return try extractor.result(
                of: images.scaled, shape: .init(samples.sampleShape), progress: progress)
        case .points: return nil
        }
    }

    /// In which precision features and measures of them are computed.
    func arithmetic(of sides: [Samples]) -> JSONValue {
        extractor == nil
            ? Samples.arithmetic(of: sides) : .text("features float32, measure float64")
    }

    /// What results say about the extractor.
    var facts: [(name: String, value: JSONValue)] {
        guard let network = extractor?.network else { return [("extractor", .text("pixels"))] }
        var facts: [(name: String, value: JSONValue)] = [
            ("extractor", .text(network.name)), ("extractorSHA256", .text(network.sha256)),
        ]
        if network.resizes { facts.append(("resizedTo", .text(network.size))) }
        return facts
    }

    /// The statistics of a side's features.
    func statistics(of side: Side) throws -> StatisticsFile {
        try StatisticsFile(
            GaussianStatistics(side.features), extractor: extractor?.network.name ?? "pixels",
            extractorSHA256: extractor?.network.sha256)
    }

    /// Reads a file of statistics; nil for a file that is something else.
    func statistics(in side: MeasureSide) throws -> StatisticsFile? {
        let url = URL(fileURLWithPath: side.place)
        guard StatisticsFile.isStatistics(url) else { return nil }
        return try side.reading { _ in try StatisticsFile(contentsOf: url) }
    }

    /// Refuses statistics of other features than those that they are compared with; a note says
    /// where a file does not tell.
    ///
    /// - Parameters:
    ///   - file: The statistics of a side.
    ///   - other: The other side's, which tells where no extractor was asked for.
    ///   - areRows: Whether the other side are rows of an array, which may be any features.
    func requireSameFeatures(
        _ file: StatisticsFile, of side: MeasureSide, as other: StatisticsFile?, areRows: Bool
    ) throws {
        let network = extractor?.network
        let expected = network?.name ?? other?.extractor ?? "pixels"
        let hash = network == nil ? other?.extractorSHA256 : network?.sha256
        guard let name = file.extractor, other == nil || other?.extractor != nil, !areRows else {
            return note("\(side.place): the files do not say whether both sides are features alike")
        }
        guard name != expected || file.extractorSHA256 != hash else { return }
        let own = name == expected ? "other weights of \(name.quoted)" : name.quoted
        throw CommandFailure(
            "\(side.place) (\(side.letter)) has features of the extractor \(own), and those beside "
                + "it are of \(expected.quoted); give the same --extractor, or other statistics")
    }

    /// What a measure is called here; see ``FeatureNetworks/FeatureNetwork/title(of:)``.
    func title(of measure: String) -> String {
        extractor?.network.title(of: measure) ?? measure
    }
}

extension FeatureNetwork {
    /// What a measure of the features is called: nobody shall take distances of random features
    /// for those of a trained network, which have a scale that people know.
    func title(of measure: String) -> String {
        name == RandomFeatures.networkName && ["fid", "kid"].contains(measure)
            ? measure + "-random" : measure
    }

    /// Height, width and channels as people write them.
    fileprivate var size: String { input.dimensions.map(String.init).joined(separator: "×") }

    /// What a scorecard says about the network and what it does with images of a shape.
    func facts(for shape: Shape) -> [String: JSONValue] {
        var facts: [String: JSONValue] = [
            "extractor": .text(name), "extractorSHA256": .text(sha256),
        ]
        if shape != input { facts["resizedTo"] = .text(size) }
        return facts
    }
}
