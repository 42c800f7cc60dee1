import CPUExecutor
import TensorGraph
import Testing

@Suite("Large matrix products that threads share in blocks")
struct SharedProductTests {
    private func products(_ plan: Plan) -> [MatrixProductStep] {
        plan.steps.compactMap {
            if case .matrixProduct(let step) = $0.step { step } else { nil }
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

    @Test(
        "are those with whole blocks for all threads, unless oneDNN packs for each block",
        .enabled(if: CPUDevice.vectorInstructions == "AVX-512", "oneDNN is used with AVX-512 only"))
    func chosen() throws {
        func block(_ y: Tensor, threads: Int) throws -> Bool {
            let program = try Program(outputs: [("y", y)])
            let step = try #require(products(CPUDevice(threads: threads).plan(program)).first)
            return step.block != nil
        }
        #expect(try block(product(512, 512, 512), threads: 2))
        #expect(try block(product(512, 512, 256, transposeFirst: true), threads: 2))
        #expect(try !block(product(512, 512, 512, transposeSecond: true), threads: 2))
        #expect(try !block(product(512, 512, 512), threads: 1))
        #expect(try !block(product(200, 512, 512), threads: 2))
        #expect(try !block(product(128, 128, 512), threads: 2))
        #expect(try !block(product(512, 512, 512), threads: 16))
        #expect(try !block(product(512, 512, 512), threads: 100))
    }
}
