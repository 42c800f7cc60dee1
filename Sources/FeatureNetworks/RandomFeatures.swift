import ArrayFiles
import CKernels
import Foundation
import NeuralNetworks
import Philox
import TensorGraph

/// Features of random convolutions: a judge of images for which nothing was ever trained.
///
/// Five convolutions and a layer of 512 outputs, with orthonormal weights and rectifiers between
/// them. The weights come from a fixed seed and have the same bits on every machine. Such features
/// know nothing of objects, but they change with edges, textures and layout, and they favour no
/// kind of image over another as networks trained on photographs do.
///
/// Source: Naeem et al. 2020, arXiv:2002.09797, section 3.3 (random embeddings). Differs: a
/// smaller network than VGG16, strides in place of pooling, orthonormal weights.
public enum RandomFeatures {
    /// What commands call the extractor.
    public static let name = "random"
    /// What scores call the extractor.
    public static let networkName = "random-orthonormal"
    /// The SHA-256 of the network with its weights.
    public static let sha256 = "e1a1c82502072707a5ee54f4311016b41adc7212c5198e819f4480f85b2f476a"

    static let description = """
        name: \(networkName)
        input: [64, 64, 3]
        range: [-1, 1]
        resize: true
        layers:
          - conv2d: {outputs: 32, kernel: 3, padding: 1, bias: false}
          - relu
          - conv2d: {outputs: 64, kernel: 3, stride: 2, padding: 1, bias: false}
          - relu
          - conv2d: {outputs: 128, kernel: 3, stride: 2, padding: 1, bias: false}
          - relu
          - conv2d: {outputs: 128, kernel: 3, stride: 2, padding: 1, bias: false}
          - relu
          - conv2d: {outputs: 256, kernel: 3, stride: 2, padding: 1, bias: false}
          - relu
          - flatten
          - linear: {outputs: 512, bias: false}
          - relu

        """
    private static let seed: UInt64 = 2002_09797

    private static let file = Result { try safetensors() }

    /// The network with its weights, which are made at the first request.
    public static var network: FeatureNetwork {
        get throws { try FeatureNetwork(data: file.get(), named: "\(name).safetensors") }
    }

    /// The weights as a file that ``FeatureNetwork`` reads.
    static func safetensors() throws -> Data {
        let network = try NetworkDescription(yaml: description, file: name, scope: name)
        let tensors = network.parameters.parameters.enumerated().map { index, parameter in
            let shape = parameter.shape.dimensions
            return (
                name: String(parameter.name.dropFirst(name.count + 1)), shape: shape,
                values: weights(shape, stream: UInt32(index))
            )
        }
        return try Safetensors.encode(
            tensors, metadata: ["format": "pt", FeatureNetwork.metadataKey: description])
    }

    /// √2 times a random orthonormal weight, `[outputs, …]`.
    ///
    /// As a matrix `[outputs, inputs]` its rows have length √2 and are orthogonal to each other;
    /// where there are more outputs than inputs, its columns are so instead. The factor √2 keeps
    /// the size of features through the layers: a rectifier halves their mean square.
    ///
    /// The numbers begin uniform in −1…1 and become orthonormal by the method of Gram and Schmidt.
    /// Normal numbers would give exactly uniform directions, but need logarithms and cosines, which
    /// differ in the last bit between systems; with many numbers in a row the directions are nearly
    /// uniform all the same.
    private static func weights(_ shape: [Int], stream: UInt32) -> [Float] {
        let (outputs, inputs) = (shape[0], shape.dropFirst().reduce(1, *))
        let (count, length) = (min(outputs, inputs), max(outputs, inputs))
        var random = RandomStream(seed: seed, stream: stream)
        var rows = (0..<count * length).map { _ in 2 * Double(random.nextUniform()) - 1 }
        let status = rows.withUnsafeMutableBufferPointer {
            wk_orthonormalise($0.baseAddress!, Int64(count), Int64(length))
        }
        precondition(status == 0, "random rows are independent")
        let gain = 2.0.squareRoot()
        guard outputs > inputs else { return rows.map { Float(gain * $0) } }
        return (0..<outputs * inputs).map { place in
            let (output, input) = place.quotientAndRemainder(dividingBy: inputs)
            return Float(gain * rows[input * outputs + output])
        }
    }
}
