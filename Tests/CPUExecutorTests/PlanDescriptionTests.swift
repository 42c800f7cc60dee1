import CPUExecutor
import TensorGraph
import Testing

@Suite("Descriptions of plans") struct PlanDescriptionTests {
    private func plan(threads: Int = 1) throws -> Plan {
        // Columns as samples, so that product and chain are steps of their own.
        let x = Tensor.input("x", [20, 100])
        let w = Variable("w", [20, 30])
        let y = x.matmul(w.tensor, transposeFirst: true).tanh()
        return try CPUDevice.eager(threads: threads).plan(
            Program(outputs: [("loss", (y * y).mean())], updates: [(w, w.tensor * 0.5)]))
    }

    @Test("have a line for each step, with its arithmetic and its bytes, and the totals")
    func text() throws {
        let plan = try plan()
        let lines = plan.description.split(separator: "\n").map(String.init)
        #expect(lines.count == plan.steps.count + 2)
        let product = try #require(lines.first { $0.contains("dot_general") })
        #expect(product.contains("120.0 kFLOP"))
        #expect(product.contains("22.4 kB"))
        #expect(product.hasSuffix("dot_general [20, 100] [20, 30] → [100, 30]"))
        #expect(lines.contains { $0.contains("chain [100, 30] tanh multiply reduce_sum") })
        let arithmetic = plan.steps.map(\.cost.flops).reduce(0, +)
        #expect(arithmetic == 120_000 + 3 * 3000 + 1 + 600)
        #expect(lines[lines.count - 2].hasPrefix("\(plan.steps.count) steps, 129.6 kFLOP, "))
        #expect(lines.last!.hasPrefix("arena "))
        #expect(lines.last!.hasSuffix(", 1 thread"))
        #expect(try self.plan(threads: 2).description.hasSuffix(", 2 threads"))
    }

    @Test("show measured times and rates per run")
    func times() throws {
        let plan = try plan()
        let number = try #require(plan.steps.firstIndex { $0.label.contains("dot_general") })
        var times = [Int64](repeating: 2_000, count: plan.steps.count)
        times[number] = 24_000
        let line = plan.describe(times: times, runs: 2).split(separator: "\n")[number]
        #expect(line.contains("12.0 µs"))
        #expect(line.contains("10.0 GFLOP/s"))
        #expect(line.contains("1.9 GB/s"))
    }

    @Test("have no rates for steps that took no measurable time")
    func noTime() throws {
        let plan = try plan()
        let text = plan.describe(times: Array(repeating: 0, count: plan.steps.count))
        #expect(text.contains("0.0 µs"))
        #expect(!text.contains("GFLOP/s"))
    }

    @Test("are the same for the same program")
    func stable() throws {
        #expect(try plan().description == plan().description)
    }
}
