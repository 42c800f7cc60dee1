import FileTestSupport
import Foundation

/// Reference numbers computed by PyTorch, which lie beside the project.
package enum GoldenFiles {
    /// Whether the folder is there; tests that need it are skipped where it is not.
    package static var exist: Bool { SharedData.hasGolden }

    /// The names of all files about training, without the folder; none where the folder is absent.
    package static var trainingFiles: [String] {
        get throws { try SharedData.goldenFiles(beginning: "training_") }
    }

    /// The file whose cases are about spectral norms; the others are about training.
    package static let spectralFile = "training_spectral.json"

    static func read<Content: Decodable>(_ name: String, as type: Content.Type) throws -> Content {
        let data = try Data(contentsOf: SharedData.golden.appendingPathComponent(name))
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return try decoder.decode(type, from: data)
    }
}
