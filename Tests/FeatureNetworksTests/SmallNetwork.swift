import ArrayFiles
import Foundation

/// A network of two features and three classes for images of 2×2 pixels.
struct SmallNetwork {
    var description = """
        name: small
        input: [2, 2, 1]
        features: 2
        layers:
          - flatten
          - linear: 2
          - linear: 3
        """
    /// The first feature is the sum of all pixels, the second the top left one.
    var tensors: [Safetensors.Tensor] = [
        ("1.weight", [2, 4], [1, 1, 1, 1, 1, 0, 0, 0]), ("1.bias", [2], [0, 0]),
        ("2.weight", [3, 2], [1, 0, 0, 1, 0, 0]), ("2.bias", [3], [0, 0, 0]),
    ]

    /// The file.
    func data() throws -> Data {
        try Safetensors.encode(tensors, metadata: ["network": description])
    }
}
