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
        /// Operations, and millions of FLOP and of bytes, of a critic and of a generator update.
        let operations, flops, bytes: [Int]
        /// Millions of bytes that both updates need beside parameters.
        let memory: [Int]
        var testDescription: String { workload.rawValue }
    }

    /// Whether Strassen's scheme is used where a single product reads a matrix, which depends on the
    /// processor.
    private static let oneReaderIsEnough = StrassenScheme.fewestRows <= 256

    static let expected: [Expected] = [
        .init(
            workload: .w1, operations: [17, 8], flops: [0, 0], bytes: [1, 1],
            memory: [0, 0]),
        .init(
            workload: .w2, operations: [43, 42], flops: [oneReaderIsEnough ? 667 : 717, 622],
            bytes: [oneReaderIsEnough ? 47 : 37, 35], memory: [oneReaderIsEnough ? 8 : 3, 2]),
        .init(
            workload: .w3, operations: [70, 43], flops: [2141, oneReaderIsEnough ? 1139 : 1239],
            bytes: oneReaderIsEnough ? [109, 74] : [106, 50],
            memory: [15, oneReaderIsEnough ? 15 : 3]),
        .init(
            workload: .w4, operations: [98, 101], flops: [3200, 2473], bytes: [340, 319],
            memory: [27, 29]),
        .init(
            workload: .w5, operations: [142, 102], flops: [4993, 2474], bytes: [522, 319],
            memory: [35, 29]),
        .init(
            workload: .w6, operations: [244, 177], flops: [16897, 7871], bytes: [1461, 861],
            memory: [85, 97]),
    ]

    @Test(
        "need no more operations, arithmetic, traffic and memory than before", arguments: expected)
    func figures(expected: Expected) throws {
        let device = CPUDevice(threads: 2)
        let programs = try expected.workload.programs()
        for (index, program) in [programs.critic, programs.generator].enumerated() {
            let plan = try device.plan(program)
            let cost = plan.totalCost
            // Which layouts oneDNN wants, and so how often weights are brought into them, depends on
            // the processor: a tenth more is allowed for it.
            let near = { (figure: Int) in figure + max(figure / 10, 2) }
            #expect(plan.steps.count <= near(expected.operations[index]))
            #expect(cost.flops / 1_000_000 <= near(expected.flops[index]))
            #expect(cost.bytes / 1_000_000 <= near(expected.bytes[index]))
            #expect(plan.memory.arenaBytes / 1_000_000 <= near(expected.memory[index]))
        }
    }
}
