import CPUExecutor
import TensorGraph
import Testing
import WGANCommand

/// What compiling each workload comes to, so that a change that makes programs longer does not go
/// unseen, whatever the clock says. Where a change makes them shorter, lower the figures here.
@Suite("Plans of the measured workloads")
struct PlanFiguresTests {
    struct Expected: CustomTestStringConvertible {
        let workload: Workload
        var vectors: VectorLevel
        /// Operations, and millions of FLOP and of bytes, of a critic and of a generator update.
        let operations, flops, bytes: [Int]
        /// Millions of bytes that both updates need beside parameters.
        let memory: [Int]
        var testDescription: String { "\(workload.rawValue), \(vectors.name)" }
    }

    /// Large matrices alone, for which Strassen's scheme is used: with AVX2 also where a single
    /// product reads a matrix, without it never.
    private static let matrices: [Expected] = [
        .init(
            workload: .w2, vectors: .baseline, operations: [33, 33], flops: [716, 621],
            bytes: [35, 34], memory: [4, 3]),
        .init(
            workload: .w2, vectors: .avx2, operations: [35, 32], flops: [666, 621],
            bytes: [46, 34], memory: [7, 3]),
        .init(
            workload: .w2, vectors: .avx512, operations: [33, 33], flops: [716, 621],
            bytes: [35, 34], memory: [4, 3]),
        .init(
            workload: .w3, vectors: .baseline, operations: [55, 34], flops: [2137, 1238],
            bytes: [84, 48], memory: [9, 5]),
        .init(
            workload: .w3, vectors: .avx2, operations: [60, 40], flops: [1936, 1121],
            bytes: [106, 74], memory: [13, 13]),
        .init(
            workload: .w3, vectors: .avx512, operations: [58, 34], flops: [1969, 1238],
            bytes: [98, 48], memory: [13, 5]),
    ]

    /// Of which the figures are the same for all levels.
    private static let others: [Expected] = [
        .init(
            workload: .w1, vectors: .baseline, operations: [13, 8], flops: [0, 0],
            bytes: [1, 0], memory: [0, 0]),
        .init(
            workload: .w4, vectors: .baseline, operations: [94, 101], flops: [3200, 2473],
            bytes: [340, 320], memory: [27, 29]),
        .init(
            workload: .w5, vectors: .baseline, operations: [139, 102], flops: [4993, 2474],
            bytes: [522, 320], memory: [35, 29]),
        .init(
            workload: .w6, vectors: .baseline, operations: [239, 177], flops: [16897, 7871],
            bytes: [1459, 860], memory: [85, 97]),
    ]

    static let expected =
        matrices
        + others.flatMap { figures in
            VectorLevel.allCases.map { vectors in
                var figures = figures
                figures.vectors = vectors
                return figures
            }
        }

    @Test(
        "need no more operations, arithmetic, traffic and memory than before", arguments: expected)
    func figures(expected: Expected) throws {
        let device = CPUDevice(threads: 2, for: Processor(vectors: expected.vectors))
        let programs = try expected.workload.programs()
        for (index, program) in [programs.critic, programs.generator].enumerated() {
            let plan = try device.plan(program)
            let cost = plan.totalCost
            // Which layouts oneDNN wants, and so how often weights are brought into them, depends
            // on this machine: a tenth more is allowed for it.
            let near = { (figure: Int) in figure + max(figure / 10, 2) }
            #expect(plan.steps.count <= near(expected.operations[index]))
            #expect(cost.flops / 1_000_000 <= near(expected.flops[index]))
            #expect(cost.bytes / 1_000_000 <= near(expected.bytes[index]))
            #expect(plan.memory.arenaBytes / 1_000_000 <= near(expected.memory[index]))
        }
    }
}
