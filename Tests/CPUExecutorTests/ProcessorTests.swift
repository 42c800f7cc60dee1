import CDNNL
import CPUExecutor
import Foundation
import TensorGraph
import Testing

@Suite("Described processors") struct ProcessorTests {
    private let rows = 600

    /// A layer over some rows, which is a band, and a convolution by Winograd's scheme.
    private func program() throws -> Program {
        let x = Tensor.input("x", [rows, 2])
        let y = x.matmul(Variable("w", [2, 20]).tensor).tanh()
        let images = Tensor.input("images", [64, 16, 16, 64])
        let z = images.convolved(
            Variable("kernels", [64, 64, 4, 4]).tensor, ConvolutionGeometry(stride: 2, padding: 1))
        return try Program(outputs: [("y", y), ("z", z)])
    }

    private func plan(_ processor: Processor) throws -> Plan {
        try CPUDevice(threads: 2, for: processor).plan(program())
    }

    @Test("give a device its threads unless they are asked for", arguments: VectorLevel.allCases)
    func threads(vectors: VectorLevel) {
        let processor = Processor(vectors: vectors, cores: 7)
        #expect(CPUDevice(threads: nil, for: processor).threads == 7)
        #expect(CPUDevice(threads: 3, for: processor).threads == 3)
        #expect(CPUDevice(threads: nil, for: Processor(vectors: vectors, cores: 500)).threads == 64)
    }

    @Test("with smaller caches have smaller blocks of rows and fewer images at a time")
    func caches() throws {
        func sizes(_ processor: Processor) throws -> (rows: Int, portions: Int) {
            let steps = try plan(processor).steps
            let bands = steps.compactMap {
                if let band = $0.step as? BandStep { band.block } else { nil }
            }
            let portions = steps.count {
                if let it = $0.step as? WinogradStep { it.transform == .input } else { false }
            }
            return (try #require(bands.first), portions)
        }
        let usual = try sizes(Processor(vectors: .avx2))
        let large = Processor(vectors: .avx2, firstCache: 1 << 20, lastCache: 1 << 30)
        #expect(try sizes(large) == usual)
        let small = try sizes(Processor(vectors: .avx2, firstCache: 16 << 10, lastCache: 2 << 20))
        #expect(small.rows == usual.rows / 2)
        #expect(small.portions > usual.portions)
        let none = try sizes(Processor(vectors: .avx2, firstCache: 0, lastCache: 0))
        #expect(none.rows > 0 && none.portions == 64)
    }

    @Test("are run where they have the vector instructions in use, and else only looked at")
    func running() throws {
        for vectors in VectorLevel.allCases {
            let device = CPUDevice.planning(for: vectors, threads: 1)
            guard vectors != .inUse else {
                _ = try device.compile(program())
                continue
            }
            let failure = #expect(throws: ExecutionError.self) { try device.compile(program()) }
            #expect(failure?.description.contains("\(vectors) cannot be run") == true)
        }
    }

    @Test("are this machine's unless they are described")
    func current() {
        let processor = Processor.current
        #expect(processor.vectors == .inUse)
        #expect(processor.vectors <= .best)
        #expect(processor.cores == ProcessInfo.processInfo.activeProcessorCount)
        #expect(processor.firstCache >= 8 << 10 && processor.lastCache >= processor.firstCache)
    }

    @Test(
        "keep oneDNN's kernels to the instructions in use",
        .enabled(if: VectorLevel.best > .baseline, "there is nothing above the baseline"))
    func library() throws {
        let e = ConvolutionExtents(
            input: [4, 16, 16, 64], weights: [64, 64, 3, 3], output: [4, 16, 16, 64],
            geometry: ConvolutionGeometry(stride: 1, padding: 1))
        let name = try Primitive.convolution(e, .forward).implementation
        #expect(name.contains("avx512") == (VectorLevel.inUse == .avx512), "\(name)")
        #expect(name.contains("avx2") == (VectorLevel.inUse == .avx2), "\(name)")
    }
}

@Suite("The environment's level of vector instructions") struct VectorLevelTests {
    private func refusal(_ value: String?, best: VectorLevel) -> String? {
        do {
            try VectorLevel.check(value, best: best)
            return nil
        } catch {
            return "\(error)"
        }
    }

    @Test("may be any that the machine has, or none", arguments: VectorLevel.allCases)
    func known(best: VectorLevel) {
        for value in [nil, ""] { #expect(refusal(value, best: best) == nil) }
        for level in VectorLevel.allCases {
            #expect((refusal(level.name, best: best) == nil) == (level <= best))
        }
    }

    @Test("is refused with the names that there are")
    func refused() {
        #expect(
            refusal("avx512", best: .avx2)
                == "WGAN_VECTORS is avx512, which this machine lacks; name one that it has "
                + "(baseline, avx2) or unset it")
        #expect(
            refusal("avx2", best: .baseline)
                == "WGAN_VECTORS is avx2, which this machine lacks; name one that it has "
                + "(baseline) or unset it")
        for value in ["AVX2", " avx2", "sse", "0", "avx-512"] {
            #expect(
                refusal(value, best: .avx512)
                    == "WGAN_VECTORS is \"\(value)\", which is no level of vector instructions; "
                    + "name one that this machine has (baseline, avx2, avx512) or unset it")
        }
    }
}
