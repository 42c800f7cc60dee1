import CPUExecutor
import TensorGraph
import Testing

@Suite("Large matrix products that threads share in blocks")
struct SharedProductTests {
    private func products(_ plan: Plan) -> [MatrixProductStep] {
        plan.steps.compactMap {
            $0.step as? MatrixProductStep
        }
    }

    private func product(
        _ m: Int, _ n: Int, _ k: Int, transposeFirst: Bool = false, transposeSecond: Bool = false
    ) -> Tensor {
        let a = Tensor.input("a", transposeFirst ? [k, m] : [m, k])
        let b = Tensor.input("b", transposeSecond ? [n, k] : [k, n])
        return a.matmul(b, transposeFirst: transposeFirst, transposeSecond: transposeSecond)
    }

    @Test("agree with the reference", arguments: [1, 2, 3], [false, true])
    func agree(threads: Int, transposeFirst: Bool) throws {
        for (m, n, k) in [(256, 512, 200), (384, 256, 130), (128, 1024, 128)] {
            let y = product(m, n, k, transposeFirst: transposeFirst)
            let pairing = try Pairing(outputs: [("y", y)], threads: threads)
            #expect(try pairing.deviation() < 1e-5)
            #expect(try pairing.deviation() < 1e-5)
        }
    }

    @Test("of a matrix with itself agree with the reference", arguments: [1, 2, 3], [false, true])
    func symmetric(threads: Int, transposeFirst: Bool) throws {
        for (rows, columns) in [(256, 256), (200, 384), (512, 130), (128, 384), (130, 512)] {
            let a = Tensor.input("a", [rows, columns])
            let gram = a.matmul(a, transposeFirst: transposeFirst, transposeSecond: !transposeFirst)
            let pairing = try Pairing(outputs: [("gram", gram)], threads: threads)
            #expect(try pairing.deviation() < 1e-5)
        }
    }

    @Test("of a matrix with itself are computed on one side of the diagonal and mirrored")
    func mirrored() throws {
        let a = Tensor.input("a", [512, 384])
        let gram = a.matmul(a, transposeFirst: true)
        for vectors in VectorLevel.allCases {
            for threads in [1, 2] {
                let device = CPUDevice.planning(for: vectors, threads: threads)
                let plan = try device.plan(Program(outputs: [("gram", gram)]))
                #expect(products(plan).map(\.mirroredSide) == [128])
                #expect(plan.steps.count(where: { $0.step is CopyStep }) == 2)
            }
            let (square, b) = (Tensor.input("c", [384, 384]), Tensor.input("b", [512, 384]))
            for y in [
                square.matmul(square), a.matmul(b, transposeFirst: true),
                a.sliced(axis: 1, 0..<200).matmul(a, transposeFirst: true),
            ] {
                #expect(try step(y, threads: 2, for: vectors).mirroredSide == nil)
            }
        }
    }

    /// The step of a product that is done directly.
    private func step(
        _ y: Tensor, threads: Int, for vectors: VectorLevel
    ) throws -> MatrixProductStep {
        let device = CPUDevice.planning(for: vectors, threads: threads)
        return try #require(products(device.plan(Program(outputs: [("y", y)]))).first)
    }

    @Test(
        "by oneDNN are those with whole blocks for all threads, unless it packs for each block",
        arguments: [VectorLevel.baseline, .avx512])
    func chosen(vectors: VectorLevel) throws {
        func block(_ y: Tensor, threads: Int) throws -> Bool {
            let step = try step(y, threads: threads, for: vectors)
            #expect(step.primitive != nil)
            return step.block != nil
        }
        #expect(try block(product(384, 512, 512), threads: 2))
        #expect(try block(product(512, 512, 384), threads: 2))
        #expect(try block(product(512, 512, 512, transposeFirst: true), threads: 2))
        #expect(try !block(product(384, 512, 512, transposeSecond: true), threads: 2))
        #expect(try !block(product(384, 512, 512), threads: 1))
        #expect(try !block(product(200, 512, 512), threads: 2))
        #expect(try !block(product(384, 512, 100), threads: 2))
        #expect(try !block(product(128, 128, 512), threads: 2))
        #expect(try !block(product(384, 512, 512), threads: 16))
        #expect(try !block(product(1152, 1024, 128), threads: 2))
    }

    @Test("by our own kernels are all with AVX2, and else those too small for a call")
    func own() throws {
        func isOwn(_ y: Tensor, _ vectors: VectorLevel) throws -> Bool {
            let step = try step(y, threads: 2, for: vectors)
            return step.primitive == nil && step.block == nil
        }
        for vectors in VectorLevel.allCases {
            #expect(try isOwn(product(512, 512, 384), vectors) == (vectors == .avx2))
            #expect(try isOwn(product(64, 64, 64), vectors) == (vectors == .avx2))
            #expect(try isOwn(product(32, 32, 64), vectors))
            #expect(try isOwn(product(512, 8, 512), vectors))
        }
    }
}
