import CDNNL
import Testing

@Suite("Matrix products of oneDNN") struct MatmulTests {
    /// `C[batch, m, n]` by its definition, with both operands as they are stored.
    private func naive(_ s: cdnnl_matmul_shape, _ a: [Float], _ b: [Float]) -> [Double] {
        let (m, n, k) = (Int(s.m), Int(s.n), Int(s.k))
        var c: [Double] = []
        for t in 0..<Int(s.batch) {
            for i in 0..<m {
                for j in 0..<n {
                    c.append(
                        (0..<k).reduce(0) { sum, p in
                            let left = a[t * m * k + (s.transpose_a == 1 ? p * m + i : i * k + p)]
                            let right = b[t * k * n + (s.transpose_b == 1 ? j * k + p : p * n + j)]
                            return sum + Double(left) * Double(right)
                        })
                }
            }
        }
        return c
    }

    private func primitive(_ shape: cdnnl_matmul_shape) throws -> Primitive {
        try withUnsafePointer(to: shape) { try Primitive(cdnnl_matmul($0)) }
    }

    @Test(
        "agree with their definition for every transpose, batch and odd size",
        arguments: UInt64(1)...80)
    func agrees(seed: UInt64) throws {
        var numbers = Numbers(seed: seed)
        let sizes: [Int64] = [1, 2, 3, 5, 8, 16, 17, 33, 64]
        let shape = cdnnl_matmul_shape(
            batch: numbers.pick([1, 1, 2, 3]), m: numbers.pick(sizes), n: numbers.pick(sizes),
            k: numbers.pick(sizes), transpose_a: Int32(seed % 2), transpose_b: Int32(seed / 2 % 2),
            accumulates: Int32(seed / 4 % 2))
        var a = numbers.floats(Int(shape.batch * shape.m * shape.k))
        let b = numbers.floats(Int(shape.batch * shape.k * shape.n))
        let before =
            shape.accumulates == 1
            ? numbers.floats(Int(shape.batch * shape.m * shape.n))
            : [Float](repeating: .nan, count: Int(shape.batch * shape.m * shape.n))
        var c = before
        let product = try primitive(shape)
        var weights: [Float]? = b
        try product.run(source: &a, weights: &weights, destination: &c)
        var expected = naive(shape, a, b)
        if shape.accumulates == 1 {
            for index in expected.indices { expected[index] += Double(before[index]) }
        }
        #expect(relativeError(c, expected) < 1e-6, "\(shape)")
        #expect(cdnnl_weights_are_plain(product.pointer) == 1)
        #expect(cdnnl_weights_size(product.pointer) == b.count * 4)
    }

    @Test("of no rows are refused with a reason")
    func refusesEmpty() {
        let shape = cdnnl_matmul_shape(
            batch: 1, m: 0, n: 2, k: 2, transpose_a: 0, transpose_b: 0, accumulates: 0)
        #expect {
            try primitive(shape)
        } throws: {
            "\($0)".contains("at least 1")
        }
    }

    @Test("cannot be bound without memory for an operand")
    func refusesMissingMemory() throws {
        let product = try primitive(
            cdnnl_matmul_shape(
                batch: 1, m: 2, n: 2, k: 2, transpose_a: 0, transpose_b: 0, accumulates: 0))
        #expect(cdnnl_bind(product.pointer, nil, nil, nil, nil) == nil)
        #expect(String(cString: cdnnl_last_error()).contains("address"))
    }
}
