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

    /// Refuses a picture of samples that have none, and more samples than memory should hold.
    func check(count: Int, shape: Shape) throws {
        if self == .png, shape != [2], shape.rank != 3 {
            throw CommandFailure(
                "samples of shape \(shape) are neither points of the plane nor images, and have no "
                    + "picture; choose .npy or .csv")
        }
        let numbers = self == .csv ? 1 << 25 : 1 << 28
        let largest = min(max(numbers / shape.count, 1), self == .png ? 10_000 : numbers)
        guard count <= largest else {
            throw CommandFailure(
                "--count \(count) is too many for one .\(self) file of such samples; give at most "
                    + "\(largest), and draw more with other seeds")
        }
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
