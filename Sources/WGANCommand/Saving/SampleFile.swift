import Datasets
import Figures
import Foundation
import Runs
import TensorGraph
import WGAN

/// A file of samples in the form that its ending asks for.
enum SampleFile: String, CaseIterable {
    case npy
    case csv
    case png

    /// The form of a file.
    init(_ url: URL) throws {
        guard let form = SampleFile(rawValue: url.pathExtension.lowercased()) else {
            let endings = Self.allCases.map { "." + $0.rawValue }.joined(separator: ", ")
            throw CommandFailure(
                "\(url.relativePath) ends in none of \(endings); choose one, it decides what is written"
            )
        }
        self = form
    }

    /// Writes samples `[count, …]`.
    func write(
        _ values: [Float], count: Int, shape: Shape, of configuration: TrainingConfiguration,
        to url: URL
    ) throws {
        switch self {
        case .npy:
            try NumpyFile.write(shape: [count] + shape.dimensions, values: values, to: url)
        case .csv:
            let header =
                shape.count == 2 ? ["x", "y"] : (0..<shape.count).map { "value\($0)" }
            let rows = (0..<count).lazy.map { row in
                values[row * shape.count..<(row + 1) * shape.count].map(Double.init)
            }
            try AtomicFile.write(try CSV.encode(header: header, rows: rows), to: url)
        case .png:
            try AtomicFile.write(
                try picture(values, count: count, shape: shape, of: configuration), to: url)
        }
    }

    private func picture(
        _ values: [Float], count: Int, shape: Shape, of configuration: TrainingConfiguration
    ) throws -> Data {
        guard let distribution = configuration.data.distribution else {
            let columns = Int(Double(count).squareRoot().rounded(.up))
            return try imageGrid(values, sampleShape: shape, columns: columns).pngData()
        }
        let view = PointView(
            distribution, seed: configuration.setup.seed, name: configuration.name)
        var figure = view.background("\(configuration.name): \(count) generated points")
        figure.series.append(
            .init("generated", points: points(values), color: .red, opacity: 0.5))
        return try figure.pngData()
    }
}
