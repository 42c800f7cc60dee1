import Evaluation
import FileTestSupport
import Testing

extension GoldenFile {
    /// The rows that play a role in a case.
    func features(_ role: String, of test: Case) throws -> FeatureMatrix {
        let tensor = try tensor(role, of: test)
        return try FeatureMatrix(tensor.data, dimensions: tensor.shape[1])
    }

    /// The images that play a role in a case.
    func images(_ role: String, of test: Case) throws -> SampleImages {
        try tensor(role, of: test).images()
    }
}

extension GoldenTensor {
    /// Bytes `[N, C, H, W]` as images.
    func images() throws -> SampleImages {
        try #require(dtype == "u8" && shape.count == 4)
        let (channels, height, width) = (shape[1], shape[2], shape[3])
        let plane = height * width
        let interleaved = data.indices.map { index in
            let image = index / (plane * channels)
            let (pixel, channel) = (index / channels % plane, index % channels)
            return UInt8(data[(image * channels + channel) * plane + pixel])
        }
        return try SampleImages(
            height: height, width: width, channels: channels, bytes: interleaved)
    }

    /// Indices as lists, one for each row.
    func rows() -> [[Int]] {
        let numbers = data.map { Int($0) }
        return (0..<shape[0]).map { Array(numbers[$0 * shape[1]..<($0 + 1) * shape[1]]) }
    }
}
