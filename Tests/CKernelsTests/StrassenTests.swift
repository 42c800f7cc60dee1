import CKernels
import GraphTestSupport
import Philox
import Testing

/// Operands of a product with memory for it.
private struct Example {
    let shape: wk_strassen_shape
    let a, b: [Float]

    init(_ m: Int, _ n: Int, _ k: Int, transposed: Bool, number: (inout RandomStream) -> Float) {
        shape = wk_strassen_shape(
            m: Int64(m), n: Int64(n), k: Int64(k), transpose_b: transposed ? 1 : 0)
        var random = RandomStream(seed: 11, stream: UInt32(m + n + k))
        a = (0..<m * k).map { _ in number(&random) }
        b = (0..<k * n).map { _ in number(&random) }
    }

    /// By the direct method.
    var direct: [Float] {
        var c = [Float](repeating: 0, count: Int(shape.m * shape.n))
        var direct = wk_gemm_shape(
            m: shape.m, n: shape.n, k: shape.k, transpose_a: 0, transpose_b: shape.transpose_b,
            accumulates: 0)
        wk_gemm(&direct, a, b, &c)
        return c
    }

    /// By the kernels of a level, with guards behind all that is written, and no number in working
    /// memory.
    func product(level: Int32 = wk_level(), threads: Int) -> [Float] {
        let memory = TestMemory()
        let guards = [Float](repeating: guardNumber, count: 64)
        func results(_ count: Int, _ value: Float) -> UnsafeMutableBufferPointer<Float> {
            let values = [Float](repeating: value, count: count) + guards
            return UnsafeMutableBufferPointer(start: memory.keep(values), count: values.count)
        }
        let count = withUnsafePointer(to: shape) { Int(wk_strassen_planes_count(level, $0)) }
        let planes = results(count, 0)
        let c = results(Int(shape.m * shape.n), 0)
        let threadStride = Int(wk_strassen_scratch_bytes())
        let scratch = results(threads * threadStride / 4, .nan)
        var right = wk_strassen_right(
            shape: shape, b: memory.keep(b), planes: planes.baseAddress, threads: Int32(threads))
        var product = wk_strassen_product(
            shape: shape, a: memory.keep(a), planes: planes.baseAddress, c: c.baseAddress,
            scratch: scratch.baseAddress, thread_stride: Int64(threadStride),
            threads: Int32(threads),
            next: memory.keep([Int32](repeating: -1, count: threads)))
        #expect(wk_run_strassen_right_at_level(level, &right) == 0)
        #expect(wk_run_strassen_product_at_level(level, &product) == 0)
        for (name, written) in [("planes", planes), ("C", c), ("scratch", scratch)] {
            #expect(written.suffix(64).elementsEqual(guards), "wrote beyond \(name)")
        }
        return withExtendedLifetime(memory) { Array(c.dropLast(64)) }
    }
}

@Suite("Strassen's scheme") struct StrassenTests {
    /// Rows: one of each half, less than a block, several blocks with a rest; depths: one stretch
    /// of a panel, and more than one; columns: one strip, and more than one for one thread.
    private static let sizes = [
        (2, 64, 64), (26, 128, 192), (98, 192, 128), (256, 128, 64), (130, 640, 64),
        (14, 64, 1152),
    ]

    @Test(
        "gives small whole numbers without error, with the kernels of every level",
        arguments: 0...wk_best_level(), [false, true])
    func isExact(level: Int32, transposed: Bool) {
        for (m, n, k) in Self.sizes {
            let example = Example(m, n, k, transposed: transposed) {
                Float(Int.random(in: -4...4, using: &$0))
            }
            let expected = example.direct
            for threads in 1...3 {
                let found = example.product(level: level, threads: threads)
                #expect(found == expected, "\(m) \(n) \(k), \(threads) threads")
            }
        }
    }

    @Test("has errors of a millionth of the result, and the same bits for any threads")
    func isAccurate() {
        let example = Example(64, 512, 512, transposed: false) { 2 * $0.nextUniform() - 1 }
        let (expected, found) = (example.direct, example.product(threads: 1))
        let largest = expected.map(abs).max() ?? 0
        let error = zip(found, expected).map { abs($0 - $1) }.largestError
        #expect(error < 5e-6 * largest, "\(error / largest)")
        #expect(error > 0)
        for threads in 2...4 { #expect(example.product(threads: threads) == found) }
    }
}
