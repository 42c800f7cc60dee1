import ArrayFiles
import Datasets
import Foundation
import NeuralNetworks
package import StrictYAML

/// The name of points in a file of one's own.
package enum PointFile: ConfigurableData {
    /// `points: FILE`, or `points: {file: FILE, normalised: true}`: a .csv, .tsv or .txt file with
    /// a point in each line, or a .npy file of shape `[N, D]`.
    package static let configurationName = "points"

    package static func read(
        _ section: ConfigurationSection
    ) throws(ConfigurationError) -> any DataConfiguration {
        section.shorthand(for: "file")
        let path = try section.value("file", .filePath)
        let isNormalised = try section.value("normalised", .boolean, default: false)
        guard endings.contains((path as NSString).pathExtension.lowercased()) else {
            let known = endings.sorted().map { ".\($0)" }.joined(separator: ", ")
            throw section.invalid(
                "file", "must name a file that ends in one of \(known), but is \(path)")
        }
        return PointData(try section.located { try cloud(path, isNormalised) }, from: path)
    }

    package static func relocations(
        _ section: ConfigurationSection, to folder: String
    ) throws(ConfigurationError) -> [(key: String, path: String)] {
        section.shorthand(for: "file")
        return [("file", try Self.path(of: section.value("file", .text), in: folder))]
    }

    private static let endings = CSVTable.endings.union(["npy"])

    private static func cloud(_ path: String, _ isNormalised: Bool) throws -> PointCloud {
        let file = try ArrayFile(at: path)
        guard file.shape.count == 2 else {
            throw PointFileError(path: path, shape: file.shape)
        }
        let points = try file.doubles()
        return isNormalised
            ? try PointCloud(centring: points, dimensions: file.shape[1]).normalised()
            : try PointCloud(points, dimensions: file.shape[1])
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
