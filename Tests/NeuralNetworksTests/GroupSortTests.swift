import FileTestSupport
import GraphTestSupport
import NeuralNetworks
import TensorGraph
import Testing

@Suite(
    "Sorting of groups",
    .enabled(if: SharedData.hasGolden, "the folder ../shared/reference is not there"))
struct GroupSortTests {
    @Test("has the reference's values and gradients, those of equal numbers among them")
    func golden() throws {
        let file = try GoldenFile.read("w1_benchmark.json")
        var count = 0
        for test in file.cases where test.metric == "group_sort" {
            let (x, g) = (try file.tensor("x", of: test), try file.tensor("g", of: test))
            let input = Tensor.input("x", Shape(x.shape))
            var pass = ForwardPass(.training)
            let y = GroupSort(try test.count("group"))(input, &pass)
            let loss = (y * .constant(g.data, Shape(g.shape))).sum()
            let program = try Program(outputs: [
                ("y", y), ("grad", gradients(of: loss, withRespectTo: [input])[0]),
            ])
            let inputs = ["x": ReferenceTensor(shape: Shape(x.shape), values: x.data)]
            let found = try ReferenceExecutor().run(program, inputs: inputs)
            try test.expectAll(found.mapValues(\.values))
            count += 1
        }
        #expect(count == 5)
    }
}
