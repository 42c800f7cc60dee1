import CPUExecutor
import GraphTestSupport
import TensorGraph
import Testing

@Suite("Divided programs on the CPU executor")
struct DividedProgramTests {
    private static let portions: [Range<UInt64>] = stride(from: 0, to: 400, by: 40).map {
        $0..<$0 + 40
    }

    @Test("agree with the reference", arguments: portions)
    func randomGraphs(seeds: Range<UInt64>) throws {
        for seed in seeds {
            let graph = RandomGraph(seed: seed)
            let whole = try Program(outputs: graph.outputs, updates: graph.updates)
            let reference = ReferenceExecutor(variables: graph.variables)
            let expected = try reference.run(whole, inputs: graph.inputs, clock: graph.clock)
                .merging(reference.variables) { output, _ in output }
            for shards in 2...4 {
                guard let program = try whole.dividedWherePossible(into: shards) else { continue }
                for threads in 1...2 {
                    let found = try results(of: program, graph, CPUDevice.eager(threads: threads))
                    let deviation =
                        expected.map { name, value in
                            ReferenceTensor(
                                shape: value.shape, values: found[name]!.map(Double.init)
                            )
                            .deviation(from: value)
                        }.max() ?? 0
                    #expect(
                        deviation <= 1e-4,
                        "seed \(seed), \(shards) shards, \(threads) threads: off by \(deviation)")
                }
            }
        }
    }

    @Test(
        "have the same bits for any number of processes",
        arguments: [(4, [2, 4]), (6, [2, 3, 6])])
    func processes(shards: Int, processes: [Int]) throws {
        var compared = 0
        for seed in UInt64(0)..<500 {
            let graph = RandomGraph(seed: seed)
            let whole = try Program(outputs: graph.outputs, updates: graph.updates)
            guard let program = try whole.dividedWherePossible(into: shards) else { continue }
            let alone = try results(of: program, graph, CPUDevice(threads: 1))
            for count in processes {
                for found in try allResults(of: program, graph, processes: count) {
                    #expect(
                        found.mapValues { $0.map(\.bitPattern) }
                            == alone.mapValues { $0.map(\.bitPattern) },
                        "seed \(seed), \(count) processes")
                }
            }
            compared += 1
        }
        #expect(compared > 10)
    }

    @Test("are refused where the shards cannot be shared by the processes")
    func unequalShares() throws {
        let program = try Program(outputs: [("sum", Tensor.input("x", [4]).sum())])
            .divided(into: 4, batches: [4])
        let device = CPUDevice(threads: 1, exchange: ThreadExchange.group(of: 3)[0])
        #expect(throws: ExecutionError.self) { try device.compile(program) }
    }

    private func allResults(
        of program: Program, _ graph: RandomGraph, processes: Int
    ) throws -> [[String: [Float]]] {
        try ThreadExchange.inProcesses(processes) { exchange in
            try results(of: program, graph, CPUDevice(threads: 1, exchange: exchange))
        }
    }

    private func results(
        of program: Program, _ graph: RandomGraph, _ device: CPUDevice
    ) throws -> [String: [Float]] {
        for (name, value) in graph.variables {
            try device.set(Variable(name, value.shape), to: value.values.map(Float.init))
        }
        let executable = try device.compile(program)
        for (name, _) in program.inputs {
            _ = executable.input(name).update(from: graph.inputs[name]!.values.map(Float.init))
        }
        try executable.run(graph.clock)
        var results: [String: [Float]] = [:]
        for output in program.outputs {
            results[output.name] = Array(executable.output(output.name))
        }
        let known = graph.variables.map { Variable($0, $1.shape) }
        for variable in known + graph.updates.map(\.variable) {
            results[variable.name] = device.value(of: variable)
        }
        return results
    }
}
