import CKernels
import GraphTestSupport
import Philox
import Testing

/// Operands of a product with memory for it.
private struct Example {
    let shape: wk_masked_shape
    /// As it is stored, `[m, k]` or `[k, m]`.
    let a: [Float]
    var b: [Float]
    let rows, depths: [Float]
    /// Factors stand this far apart.
    private let strides: (rows: Int, depths: Int)

    init(
        _ m: Int, _ n: Int, _ k: Int, transposed: Bool, strides: (rows: Int, depths: Int) = (1, 1),
        number: (inout RandomStream) -> Float
    ) {
        shape = wk_masked_shape(
            m: Int64(m), n: Int64(n), k: Int64(k), transpose_a: transposed ? 1 : 0)
        self.strides = strides
        var random = RandomStream(seed: 12, stream: UInt32(m + n + k))
        let rows = (0..<m * max(1, strides.rows)).map { _ in number(&random) }
        let depths = (0..<k * max(1, strides.depths)).map { _ in number(&random) }
        (self.rows, self.depths) = (rows, depths)
        b = (0..<k * n).map { _ in number(&random) }
        a = (0..<m * k).map { place in
            let (i, p) = transposed ? (place % m, place / m) : (place / k, place % k)
            let value = rows[i * strides.rows] * depths[p * strides.depths]
            return Bool.random(using: &random) ? value : 0
        }
    }

    /// By the direct method.
    var direct: [Float] {
        var c = [Float](repeating: 0, count: Int(shape.m * shape.n))
        var direct = wk_gemm_shape(
            m: shape.m, n: shape.n, k: shape.k, transpose_a: shape.transpose_a, transpose_b: 0,
            accumulates: 0)
        wk_gemm(&direct, a, b, &c)
        return c
    }

    /// By the kernels of a level, with guards behind all that is written, and no number in working
    /// memory.
    func product(level: Int32 = wk_level(), threads: Int) -> [Float] {
        let memory = TestMemory()
        let guards = [Float](repeating: guardNumber, count: 64)
        func results(_ count: Int) -> UnsafeMutableBufferPointer<Float> {
            let values = [Float](repeating: .nan, count: count) + guards
            return UnsafeMutableBufferPointer(start: memory.keep(values), count: values.count)
        }
        let (digits, right) = withUnsafePointer(to: shape) {
            (results(Int(wk_masked_digits_bytes($0)) / 4), results(Int(wk_masked_right_count($0))))
        }
        let c = results(Int(shape.m * shape.n))
        let threadStride = Int(wk_masked_scratch_bytes())
        let scratch = results(threads * threadStride / 4)
        var product = wk_masked_product(
            shape: shape, a: memory.keep(a), b: memory.keep(b), c: c.baseAddress,
            scale: 2,
            rows: wk_factors(base: memory.keep(rows), stride: Int64(strides.rows)),
            depths: wk_factors(base: memory.keep(depths), stride: Int64(strides.depths)),
            digits: UnsafeMutableRawPointer(digits.baseAddress!).assumingMemoryBound(
                to: UInt8.self),
            right: right.baseAddress, scratch: scratch.baseAddress,
            thread_stride: Int64(threadStride),
            threads: Int32(threads),
            next: memory.keep([Int32](repeating: -1, count: threads)))
        #expect(wk_run_masked_product_at_level(level, &product) == 0)
        let written = [("digits", digits), ("B", right), ("C", c), ("scratch", scratch)]
        for (name, place) in written {
            #expect(place.suffix(64).elementsEqual(guards), "wrote beyond \(name)")
        }
        return withExtendedLifetime(memory) { c.dropLast(64).map { $0 / 2 } }
    }
}

@Suite("Products of masks") struct MaskedProductTests {
    /// One block of each kind; several; more rows than sums are kept for; one strip more for one
    /// thread.
    private static let sizes = [(8, 32, 64), (24, 128, 192), (1032, 64, 128), (520, 96, 64)]

    @Test(
        "give small whole numbers without error, with the kernels of every level",
        arguments: 0...wk_best_level(), [false, true])
    func areExact(level: Int32, transposed: Bool) {
        for (m, n, k) in Self.sizes {
            for strides in [(1, 1), (0, 2), (3, 0)] {
                let example = Example(m, n, k, transposed: transposed, strides: strides) {
                    Float(Int.random(in: -4...4, using: &$0))
                }
                let expected = example.direct
                for threads in 1...3 {
                    let found = example.product(level: level, threads: threads)
                    #expect(found == expected, "\(m) \(n) \(k) \(strides), \(threads) threads")
                }
            }
        }
    }

    @Test("are no less exact than direct ones, and have the same bits for any threads")
    func areAccurate() {
        let (m, n, k) = (64, 96, 512)
        let example = Example(m, n, k, transposed: false) { 2 * $0.nextUniform() - 1 }
        var errors: (direct: [Float], found: [Float]) = ([], [])
        let (first, second) = (example.direct, example.product(threads: 1))
        for i in 0..<m {
            for j in 0..<n {
                let exact = (0..<k).reduce(0.0) { sum, p in
                    example.a[i * k + p] == 0
                        ? sum
                        : sum + Double(example.rows[i]) * Double(example.depths[p])
                            * Double(example.b[p * n + j])
                }
                errors.direct.append(abs(first[i * n + j] - Float(exact)))
                errors.found.append(abs(second[i * n + j] - Float(exact)))
            }
        }
        let found = errors.found.largestError
        #expect(found < 1.5 * errors.direct.largestError)
        #expect(found > 0)
        for threads in 2...4 { #expect(example.product(threads: threads) == second) }
    }

    @Test("leave out rows of B for which the mask is zero, whatever they are, and pass on others")
    func nonFinite() {
        let (m, n, k) = (16, 32, 64)
        var example = Example(m, n, k, transposed: false) {
            Float(Int.random(in: 1...4, using: &$0))
        }
        for j in 0..<n { example.b[5 * n + j] = j % 2 == 0 ? .infinity : .nan }
        let found = example.product(threads: 2)
        for i in 0..<m {
            for j in 0..<n {
                let value = found[i * n + j]
                let isExpected =
                    example.a[i * k + 5] == 0
                    ? value.isFinite : j % 2 == 0 ? value == .infinity : value.isNaN
                #expect(isExpected)
            }
        }
    }
}
