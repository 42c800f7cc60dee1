/// A dense array of a golden file, in row-major order.
package struct GoldenTensor: Decodable {
    package let shape: [Int]
    /// The type of its elements, such as `f64` or `u8`.
    package let dtype: String
    package let data: [Double]

    private enum Key: CodingKey { case shape, dtype, data }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        shape = try container.decode([Int].self, forKey: .shape)
        dtype = try container.decode(String.self, forKey: .dtype)
        if let numbers = try container.decodeIfPresent([Double].self, forKey: .data) {
            data = numbers
        } else {
            data = try ByteFormula(from: decoder).bytes(shape).map { Double($0) }
        }
    }
}

/// The formula of bytes `[N, C, H, W]`, which a file has in their place.
private struct ByteFormula: Decodable {
    struct Term: Decodable {
        let xx: Int
        let yy: Int
        let xy: Int
        let x: Int
        let y: Int
        let c: Int
        let shift: Int
        let w: Int

        func byte(_ c: Int, _ y: Int, _ x: Int) -> Int {
            let squares = xx * x * x + yy * y * y + xy * x * y
            return (squares + self.x * x + self.y * y + self.c * c * (x + 1)) >> shift & 255
        }
    }

    let generator: String
    let terms: [Term]
    let checksum: Int
    let corner: [Int]

    func bytes(_ shape: [Int]) throws -> [Int] {
        guard generator == "quad_mix", shape.count == 4 else {
            throw GoldenMistake("no \(generator) is known for the shape \(shape)")
        }
        let total = terms.reduce(0) { $0 + $1.w }
        var bytes: [Int] = []
        for c in 0..<shape[1] {
            for y in 0..<shape[2] {
                for x in 0..<shape[3] {
                    bytes.append(terms.reduce(0) { $0 + $1.w * $1.byte(c, y, x) } / total)
                }
            }
        }
        let rightmost = (1...shape[1]).flatMap { channel in
            bytes[channel * shape[2] * shape[3] - 3..<channel * shape[2] * shape[3]]
        }
        guard bytes.reduce(0, +) == checksum, rightmost == corner else {
            throw GoldenMistake("\(generator) does not give the bytes that the file means")
        }
        return bytes
    }
}
