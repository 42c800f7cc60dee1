import CPUExecutor
import GraphTestSupport
import TensorGraph
import Testing

@Suite("The CPU executor against the reference")
struct OracleTests {
    /// Seeds in portions, so that a failure names few of them.
    private static let portions: [Range<UInt64>] = stride(from: 0, to: 600, by: 30).map {
        $0..<$0 + 30
    }

    @Test("agrees on random graphs, with one thread and with two", arguments: portions)
    func randomGraphs(seeds: Range<UInt64>) throws {
        for seed in seeds {
            let graph = RandomGraph(seed: seed)
            for threads in 1...2 {
                let deviation = try deviation(graph, threads: threads)
                #expect(deviation <= 1e-4, "seed \(seed), \(threads) threads: off by \(deviation)")
            }
        }
    }

    @Test("agrees on graphs large enough for several threads", arguments: UInt64(1)...6)
    func largeGraphs(seed: UInt64) throws {
        let graph = RandomGraph(seed: seed, isLarge: true)
        #expect(try deviation(graph, threads: 2) <= 1e-4)
    }

    @Test("gives the same bits in every run", arguments: [UInt64(3), 11, 29, 1001])
    func determinism(seed: UInt64) throws {
        let graph = RandomGraph(seed: seed, isLarge: seed > 1000)
        let first = try results(graph, threads: 2).mapValues { $0.map(\.bitPattern) }
        for _ in 0..<3 {
            #expect(try results(graph, threads: 2).mapValues { $0.map(\.bitPattern) } == first)
        }
    }

    private func deviation(_ graph: RandomGraph, threads: Int) throws -> Double {
        let reference = ReferenceExecutor(variables: graph.variables)
        let program = try Program(tracing: graph.outputs, graph.updates)
        let outputs = try reference.run(program, inputs: graph.inputs, clock: graph.clock)
        let expected = outputs.merging(reference.variables) { output, _ in output }
        let found = try results(graph, threads: threads)
        return expected.map { name, value in
            guard let values = found[name] else { return .infinity }
            let tensor = ReferenceTensor(shape: value.shape, values: values.map(Double.init))
            return tensor.deviation(from: value)
        }.max() ?? 0
    }

    /// The outputs of one run and the variables after it.
    private func results(_ graph: RandomGraph, threads: Int) throws -> [String: [Float]] {
        let device = CPUDevice.eager(threads: threads)
        let program = try Program(outputs: graph.outputs, updates: graph.updates)
        for (name, value) in graph.variables {
            try device.set(Variable(name, value.shape), to: value.values.map(Float.init))
        }
        let executable = try device.compile(program)
        for (name, _) in program.inputs {
            _ = executable.input(name).update(from: graph.inputs[name]!.values.map(Float.init))
        }
        try executable.run(graph.clock)
        var results: [String: [Float]] = [:]
        for (name, _) in graph.outputs { results[name] = Array(executable.output(name)) }
        let updated = graph.updates.map(\.variable)
        let known = graph.variables.map { Variable($0, $1.shape) }
        for variable in known + updated { results[variable.name] = device.value(of: variable) }
        return results
    }
}
