import Evaluation
import Testing

/// A tensor of a golden file: numbers, bytes, or the formula of bytes.
struct GoldenTensor: Decodable {
    struct Term: Decodable {
        let xx: Int
        let yy: Int
        let xy: Int
        let x: Int
        let y: Int
        let c: Int
        let shift: Int
        let w: Int
    }

    let shape: [Int]
    let dtype: String
    let data: [Double]?
    let generator: String?
    let terms: [Term]?
    let checksum: Int?
    let corner: [Int]?

    /// Bytes `[N, C, H, W]` as images.
    func images() throws -> SampleImages {
        try #require(dtype == "u8" && shape.count == 4)
        let (channels, height, width) = (shape[1], shape[2], shape[3])
        let bytes = try planarBytes()
        let plane = height * width
        let interleaved = bytes.indices.map { index in
            let image = index / (plane * channels)
            let (pixel, channel) = (index / channels % plane, index % channels)
            return UInt8(bytes[(image * channels + channel) * plane + pixel])
        }
        return try SampleImages(
            height: height, width: width, channels: channels, bytes: interleaved)
    }

    /// Indices as lists, one for each row.
    func rows() throws -> [[Int]] {
        let numbers = try #require(data).map { Int($0) }
        return (0..<shape[0]).map { Array(numbers[$0 * shape[1]..<($0 + 1) * shape[1]]) }
    }

    private func planarBytes() throws -> [Int] {
        if let data { return data.map { Int($0) } }
        try #require(generator == "quad_mix")
        let terms = try #require(terms)
        let total = terms.reduce(0) { $0 + $1.w }
        var bytes: [Int] = []
        for c in 0..<shape[1] {
            for y in 0..<shape[2] {
                for x in 0..<shape[3] {
                    bytes.append(terms.reduce(0) { $0 + $1.w * $1.byte(c, y, x) } / total)
                }
            }
        }
        try #require(bytes.reduce(0, +) == checksum)
        let rightmost = (1...shape[1]).flatMap { channel in
            bytes[channel * shape[2] * shape[3] - 3..<channel * shape[2] * shape[3]]
        }
        try #require(rightmost == corner)
        return bytes
    }
}

extension GoldenTensor.Term {
    func byte(_ c: Int, _ y: Int, _ x: Int) -> Int {
        let squares = xx * x * x + yy * y * y + xy * x * y
        return (squares + self.x * x + self.y * y + self.c * c * (x + 1)) >> shift & 255
    }
}
