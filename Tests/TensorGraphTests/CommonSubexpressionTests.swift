import TensorGraph
import Testing

@Suite("Common subexpressions")
struct CommonSubexpressionTests {
    private let x = Tensor.input("x", [2])
    private let y = Tensor.input("y", [2])

    private func count(_ name: String, in tensors: Tensor...) throws -> Int {
        let results = tensors.enumerated().map { ("y\($0)", $1) }
        let program = try Program(tracing: results).applying(CommonSubexpressions())
        return program.names.filter { $0 == name }.count
    }

    @Test("what is written twice is computed once")
    func sharing() throws {
        #expect(try count("exponential", in: x.exp(), x.exp()) == 1)
        #expect(try count("exponential", in: x.exp(), y.exp()) == 2)
        #expect(try count("input", in: Tensor.input("x", [2]), x) == 1)
        #expect(try count("reduce_sum", in: x.sum(), x.sum(along: [0])) == 1)
    }

    @Test("the operands of a commutative operation may be exchanged, others not")
    func commutativity() throws {
        #expect(try count("add", in: x + y, y + x) == 1)
        #expect(try count("multiply", in: x * y, y * x) == 1)
        #expect(try count("maximum", in: .maximum(x, y), .maximum(y, x)) == 1)
        #expect(try count("subtract", in: x - y, y - x) == 2)
        #expect(try count("divide", in: x / y, y / x) == 2)
        #expect(try count("compare_gt", in: x .> y, y .> x) == 2)
    }

    @Test("operations that differ in a setting are not the same")
    func settings() throws {
        let image = Tensor.input("image", [3, 3])
        #expect(try count("reduce_sum", in: image.sum(along: [0]), image.sum(along: [1])) == 2)
        #expect(try count("constant", in: 1, 2) == 2)
        #expect(try count("constant", in: 0, Tensor(-0.0)) == 2)
        #expect(try count("iota", in: .iota([2, 2], axis: 0), .iota([2, 2], axis: 1)) == 2)
    }

    @Test("draws of one stream are shared, draws of two are not")
    func randomNumbers() throws {
        let draw = { Tensor.randomNormal([4], stream: $0) }
        #expect(try count("rng_normal", in: draw(1), draw(1)) == 1)
        #expect(try count("rng_normal", in: draw(1), draw(2)) == 2)
        #expect(try count("rng_normal", in: draw(1), .randomNormal([5], stream: 1)) == 2)
        let program = try Program(outputs: [
            ("same", draw(1) - draw(1)), ("other", draw(1) - draw(2)),
        ])
        let found = try ReferenceExecutor().run(program)
        #expect(found["same"]!.values == [0, 0, 0, 0])
        #expect(found["other"]!.values.allSatisfy { $0 != 0 })
    }
}
