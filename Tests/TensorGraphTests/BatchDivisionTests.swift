import GraphTestSupport
import TensorGraph
import Testing

@Suite("Programs divided into shards")
struct BatchDivisionTests {
    private static let portions: [Range<UInt64>] = (0..<10).map { $0 * 60..<($0 + 1) * 60 }

    @Test("random graphs keep their meaning", arguments: portions)
    func randomGraphs(seeds: Range<UInt64>) throws {
        for seed in seeds {
            let graph = RandomGraph(seed: seed)
            let whole = try Program(outputs: graph.outputs, updates: graph.updates)
            let expected = try results(of: whole, graph)
            for shards in 2...5 {
                guard let program = try whole.dividedWherePossible(into: shards) else { continue }
                #expect(program.violation == nil, "seed \(seed), \(shards) shards")
                let found = try results(of: program, graph)
                let deviation = expected.map { found[$0]!.deviation(from: $1) }.max() ?? 0
                #expect(deviation <= 1e-9, "seed \(seed), \(shards) shards: off by \(deviation)")
            }
        }
    }

    @Test("many of the random graphs can be divided, and use all that divided programs have")
    func coverage() throws {
        var (count, names) = (0, Set<String>())
        for seed in UInt64(0)..<300 {
            let graph = RandomGraph(seed: seed)
            let whole = try Program(outputs: graph.outputs, updates: graph.updates)
            guard let program = try whole.dividedWherePossible(into: 2) else { continue }
            count += 1
            names.formUnion(program.instructions.map(\.operation.name))
        }
        #expect(count > 100)
        #expect(Set(PrimitiveCatalogue.ofDividedPrograms).isSubset(of: names))
    }

    private func results(
        of program: Program, _ graph: RandomGraph
    ) throws -> [String: ReferenceTensor] {
        let executor = ReferenceExecutor(variables: graph.variables)
        let outputs = try executor.run(program, inputs: graph.inputs, clock: graph.clock)
        return outputs.merging(executor.variables) { output, _ in output }
    }

    @Test("a training step of a dense network adds its gradients, and gathers nothing")
    func denseNetwork() throws {
        let (x, w, v) = (
            Tensor.input("x", [12, 5]), Variable("w", [7, 5]), Variable("v", [1, 7])
        )
        let noise = Tensor.randomNormal([12, 5], stream: 3)
        let network = { (x: Tensor) in
            Tensor.maximum(x.matmul(w.tensor, transposeSecond: true), 0)
                .matmul(v.tensor, transposeSecond: true)
        }
        let both = network(.concatenated([x, noise]))
        let (real, generated) = (both.sliced(axis: 0, 0..<12), both.sliced(axis: 0, 12..<24))
        let input = 0.5 * (x + noise)
        let slopes = gradients(of: network(input).sum(), withRespectTo: [input])[0]
        let penalty = ((slopes * slopes).sum(along: [1]).sqrt() - 1).squared().mean()
        let loss = generated.mean() - real.mean() + 10 * penalty
        let slopesOfWeights = gradients(of: loss, withRespectTo: [w.tensor, v.tensor])
        let program = try Program(
            outputs: [("loss", loss)],
            updates: zip([w, v], slopesOfWeights).map { ($0, $0.tensor - 0.1 * $1) })
        let divided = try program.divided(into: 4, batches: [12])
        let names = divided.instructions.map(\.operation.name)
        #expect(names.count { $0 == "all_reduce" } == 3)
        #expect(!names.contains("all_gather"))
        // The shared parts are the weights' updates alone.
        let products = zip(divided.instructions, divided.isShared).filter {
            $0.0.operation is MatrixProduct
        }
        #expect(products.allSatisfy { !$0.1 })
    }

    @Test("a batch that does not fall into equal parts is refused in a sentence")
    func unequalParts() throws {
        let program = try Program(outputs: [("sum", Tensor.input("x", [10, 2]).sum())])
        #expect(throws: GraphError.self) { try program.divided(into: 4, batches: [10]) }
        #expect(try program.divided(into: 1, batches: [10]).shards == 1)
    }

    @Test("the sum over shards is a tree of neighbours", arguments: 1...9)
    func tree(shards: Int) {
        let values = (0..<shards).map { 1 / Double($0 + 3) }
        let found = AllReduce(shards: shards).evaluate(
            shards: values.map { ReferenceTensor(shape: [1], values: [$0]) })
        // The largest power of two below the count, then the rest.
        func sum(_ values: ArraySlice<Double>) -> Double {
            guard values.count > 1 else { return values.first! }
            var left = 1
            while 2 * left < values.count { left *= 2 }
            return sum(values.prefix(left)) + sum(values.dropFirst(left))
        }
        #expect(found.values == [sum(values[...])])
    }

    @Test("the derivatives of what shards do together are those of the whole")
    func derivatives() throws {
        // f = Σ c · gather(slice(x)²) + (Σ over shards of Σ slice(x)³), with x shared.
        let x = Variable("x", [6, 2])
        let part = Tensor.apply(ShardSlice(shards: 3, axis: 0), x.tensor)
        let c = Tensor.constant((0..<12).map { Double($0) / 7 }, [6, 2])
        let gathered = Tensor.apply(AllGather(shards: 3), part * part)
        let outer = (c * gathered).sum()
        let inner = Tensor.apply(AllReduce(shards: 3), (part * part * part).sum())
        // What a shard uses of the shared x has a cotangent of its own: they add up.
        let slopes = gradients(of: outer + inner, withRespectTo: [x.tensor])[0]
        var program = try Program(tracing: [("slopes", slopes)])
        program.shards = 3
        let values = (0..<12).map { Double($0) / 5 - 1 }
        let executor = ReferenceExecutor(
            variables: ["x": ReferenceTensor(shape: [6, 2], values: values)])
        let found = try executor.run(program)["slopes"]!.values
        for (index, value) in values.enumerated() {
            let expected = 2 * Double(index) / 7 * value + 3 * value * value
            #expect(abs(found[index] - expected) < 1e-12)
        }
    }
}
