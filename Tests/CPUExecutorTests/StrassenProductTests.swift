import CPUExecutor
import TensorGraph
import Testing

@Suite("Large matrix products with a shared right operand")
struct StrassenProductTests {
    private func steps(_ plan: Plan) -> (planes: Int, products: Int) {
        plan.steps.reduce(into: (0, 0)) { counts, planned in
            switch planned.step {
            case is StrassenPlanesStep: counts.planes += 1
            case is StrassenProductStep: counts.products += 1
            default: break
            }
        }
    }

    private let w = Variable("w", [512, 576])

    /// Two products by w, one by its transpose and a step along w's gradient; all at once, or each
    /// product for some rows at a time.
    private func training(rows: Int, inPieces: Bool = false) throws -> Program {
        func product(_ x: Tensor, transposed: Bool = false) -> Tensor {
            let size = inPieces ? 64 : rows
            return .concatenated(
                stride(from: 0, to: rows, by: size).map {
                    x.sliced(axis: 0, $0..<$0 + size).matmul(w.tensor, transposeSecond: transposed)
                })
        }
        let x = Tensor.input("x", [rows, 512])
        let z = Tensor.input("z", [rows, 576])
        let loss = (product(product(product(x) * z, transposed: true)) * z).mean()
        let slope = gradients(of: loss, withRespectTo: [w.tensor])[0]
        return try Program(outputs: [("loss", loss)], updates: [(w, w.tensor - 0.125 * slope)])
    }

    /// The losses and the operand after two steps.
    private func train(_ program: Program, threads: Int) throws -> [Float] {
        let device = CPUDevice(threads: threads)
        try device.set(w, to: Pairing.numbers(512 * 576, 3).map { Float($0) / 64 })
        let executable = try device.compile(program)
        program.fillInputs(of: executable)
        var results: [Float] = []
        for _ in 0..<2 {
            try executable.run(RandomClock())
            results += executable.output("loss")
        }
        return results + (device.value(of: w) ?? [])
    }

    @Test("agree with small ones while the operand is trained")
    func agree() throws {
        let expected = try train(training(rows: 256, inPieces: true), threads: 1)
        let whole = try training(rows: 256)
        let found = try train(whole, threads: 1)
        #expect(found.count == expected.count)
        for (found, expected) in zip(found, expected) {
            #expect(abs(found - expected) < 1e-6 * max(1, abs(expected)))
        }
        for threads in 2...3 { #expect(try train(whole, threads: threads) == found) }
    }

    @Test(
        "read planes that are made once for each way round, and leave gradients of weights alone",
        arguments: [VectorLevel.avx2, .avx512])
    func planned(vectors: VectorLevel) throws {
        func counts(rows: Int) throws -> (planes: Int, products: Int) {
            steps(try CPUDevice.planning(for: vectors, threads: 2).plan(training(rows: rows)))
        }
        // Forward: w, wᵀ and w again; back: wᵀ and w, and no more, since x needs no gradient.
        #expect(try counts(rows: 256) == (2, 5))
        #expect(try counts(rows: 254) == (0, 0))
    }

    @Test(
        "are done directly where too few rows would read the planes, and without AVX2",
        arguments: [(VectorLevel.baseline, [0, 0, 0]), (.avx2, [0, 1, 1]), (.avx512, [0, 0, 1])])
    func single(vectors: VectorLevel, expected: [Int]) throws {
        let found = try [254, 256, 512].map { rows in
            let y = Tensor.input("x", [rows, 512]).matmul(w.tensor)
            let device = CPUDevice.planning(for: vectors, threads: 2)
            return steps(try device.plan(Program(outputs: [("y", y)]))).products
        }
        #expect(found == expected)
    }

    @Test("have planes of as many numbers as the level's kernels write")
    func planes() throws {
        let counts = try [VectorLevel.avx2, .avx512].map { vectors in
            let plan = try CPUDevice.planning(for: vectors, threads: 1).plan(training(rows: 256))
            return plan.steps.compactMap { planned in
                planned.step as? StrassenPlanesStep
            }.map { plan.buffers[$0.planes.buffer].count }
        }
        #expect(counts[0].count == 2 && counts[1].count == 2)
        #expect(zip(counts[0], counts[1]).allSatisfy { $0 > $1 })
    }
}
