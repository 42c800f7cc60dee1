import Datasets
import Foundation
import NeuralNetworks
import Runs
package import StrictYAML

/// The name of points in a file of one's own.
package enum PointFile: ConfigurableData {
    /// `points: FILE`, or `points: {file: FILE, normalised: true}`: a .csv file with a point in each
    /// line, or a .npy file of shape `[N, D]`.
    package static let configurationName = "points"

    package static func read(
        _ section: ConfigurationSection
    ) throws(ConfigurationError) -> any DataConfiguration {
        section.shorthand(for: "file")
        let url = URL(fileURLWithPath: try section.string("file"))
        let isNormalised = try section.boolean("normalised", default: false)
        let isArray = url.pathExtension.lowercased() == "npy"
        guard isArray || url.pathExtension.lowercased() == "csv" else {
            throw section.invalid(
                "file", "must name a file that ends in .csv or .npy, but is \(url.relativePath)")
        }
        let cloud = try section.located { isArray ? try array(url) : try table(url) }
        return PointData(isNormalised ? cloud.normalised() : cloud)
    }

    private static func table(_ url: URL) throws -> PointCloud {
        let table = try CSVTable(contentsOf: url)
        return try PointCloud(table.values, dimensions: table.columns)
    }

    private static func array(_ url: URL) throws -> PointCloud {
        let file = try NumpyFile(contentsOf: url)
        guard file.shape.count == 2 else {
            throw PointFileError(path: url.relativePath, shape: file.shape)
        }
        return try PointCloud(try file.values(), dimensions: file.shape[1])
    }
}

/// An array that is not one of points.
private struct PointFileError: Error, CustomStringConvertible {
    let path: String
    let shape: [Int]

    var description: String {
        "\(path) has the shape \(shape), not that of points; give an array [points, coordinates]"
    }
}
