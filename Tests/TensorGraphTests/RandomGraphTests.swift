import GraphTestSupport
import TensorGraph
import Testing

@Suite("Random graphs")
struct RandomGraphTests {
    /// Seeds in portions, so that they are shared among threads.
    private static let portions: [Range<UInt64>] = (0..<10).map { $0 * 50..<($0 + 1) * 50 }

    @Test(
        "a program keeps its meaning under simplification and under each pass", arguments: portions)
    func passesKeepMeaning(seeds: Range<UInt64>) throws {
        for seed in seeds {
            let graph = RandomGraph(seed: seed)
            let traced = try Program(tracing: graph.outputs, graph.updates)
            try #require(traced.violation == nil, "seed \(seed)")
            let expected = try Results(of: traced, graph)
            let variants: [(String, Program)] = [
                ("constant folding", traced.applying(ConstantFolding())),
                ("algebraic simplification", traced.applying(AlgebraicSimplification())),
                ("common subexpressions", traced.applying(CommonSubexpressions())),
                ("dead code", traced.removingDeadCode()),
                ("simplification", traced.simplified()),
            ]
            for (name, program) in variants {
                #expect(program.violation == nil, "seed \(seed): \(name)")
                let deviation = try Results(of: program, graph).deviation(from: expected)
                #expect(deviation <= 1e-9, "seed \(seed): \(name) moves a result by \(deviation)")
            }
        }
    }

    @Test("simplifying twice changes nothing more", arguments: portions)
    func simplificationIsIdempotent(seeds: Range<UInt64>) throws {
        for seed in seeds {
            let graph = RandomGraph(seed: seed)
            let once = try Program(outputs: graph.outputs, updates: graph.updates)
            #expect(once.simplified().description == once.description, "seed \(seed)")
        }
    }

    @Test("the graphs contain every primitive, few operations and many")
    func coverage() throws {
        var names: Set<String> = []
        var sizes: [Int] = []
        for seed in UInt64(0)..<200 {
            let graph = RandomGraph(seed: seed)
            let program = try Program(tracing: graph.outputs, graph.updates)
            names.formUnion(program.instructions.map(\.operation.name))
            sizes.append(program.instructions.count)
        }
        #expect(Set(PrimitiveCatalogue.names).subtracting(names).isEmpty)
        #expect(sizes.contains { $0 < 10 })
        #expect(sizes.filter { $0 >= 30 }.count > 40)
    }

    @Test("one seed gives one graph")
    func seedsAreReproducible() throws {
        let programs = try [UInt64(3), 3, 4].map { seed in
            let graph = RandomGraph(seed: seed)
            return try Program(outputs: graph.outputs, updates: graph.updates).description
        }
        #expect(programs[0] == programs[1])
        #expect(programs[0] != programs[2])
        #expect(RandomGraph(seed: 3).inputs == RandomGraph(seed: 3).inputs)
    }

    @Test("a large graph has a tensor of about a hundred thousand elements")
    func largeGraphs() throws {
        let graph = RandomGraph(seed: 1, isLarge: true)
        let program = try Program(tracing: graph.outputs, graph.updates)
        #expect(program.instructions.contains { $0.shape.count > 90_000 })
    }
}

/// The outputs of one run and the variables after it.
private struct Results {
    private let values: [String: ReferenceTensor]

    init(of program: Program, _ graph: RandomGraph) throws {
        let executor = ReferenceExecutor(variables: graph.variables)
        let outputs = try executor.run(program, inputs: graph.inputs, clock: graph.clock)
        values = outputs.merging(executor.variables) { output, _ in output }
    }

    func deviation(from other: Results) -> Double {
        guard values.keys == other.values.keys else { return .infinity }
        return values.map { $1.deviation(from: other.values[$0]!) }.max() ?? 0
    }
}
