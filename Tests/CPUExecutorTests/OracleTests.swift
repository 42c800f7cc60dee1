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
        try graph.deviation(on: CPUDevice.eager(threads: threads))
    }

    private func results(_ graph: RandomGraph, threads: Int) throws -> [String: [Float]] {
        try graph.results(on: CPUDevice.eager(threads: threads))
    }
}
