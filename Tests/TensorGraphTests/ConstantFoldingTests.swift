import TensorGraph
import Testing

@Suite("Constant folding")
struct ConstantFoldingTests {
    private static let x = Tensor.input("x", [2])
    private static let pair = Tensor.constant([1, 2], [2])

    @Test("operations on constants become their results", arguments: folded)
    func folding(test: RewriteCase) throws {
        #expect(try test.programs(ConstantFolding()).rewritten.names == test.after)
        #expect(try test.deviation(ConstantFolding()) < 1e-15)
    }

    @Test("what is not known, or large, stays", arguments: kept)
    func notFolded(test: RewriteCase) throws {
        let (traced, rewritten) = try test.programs(ConstantFolding())
        #expect(rewritten.description == traced.description)
    }

    @Test("the result is written out with its numbers")
    func numbers() throws {
        let tensor = Tensor.constant([4, 9], [2]).sqrt() * Self.pair
        #expect(
            try Program(outputs: [("y", tensor)]).description
                == "%0 = constant() {[2.0, 6.0]} : [2]\nreturn y = %0")
    }

    @Test("a result that is not a number is a constant like another")
    func notANumber() throws {
        let program = try Program(outputs: [("y", Tensor(-1).log() + Tensor(2))])
        #expect(program.names == ["constant"])
        #expect(try ReferenceExecutor().run(program)["y"]!.values[0].isNaN)
    }

    private static let folded: [RewriteCase] = [
        .init("a sum", pair + pair, "constant"),
        .init("a unary function", pair.exp(), "constant"),
        .init("a comparison", pair .> .constant([2, 1], [2]), "constant"),
        .init("a choice", .select(pair, pair, pair), "constant"),
        .init(
            "a product", Tensor.constant([1, 2], [1, 2]).matmul(.constant([3, 4], [2, 1])),
            "constant"),
        .init("a reshape", pair.reshaped([2, 1]), "constant"),
        .init("a reduction", pair.sum(), "constant"),
        .init(
            "a few equal numbers between others",
            Tensor.filled(1, [2]).padded(low: [1], high: [2], interior: [0]), "constant"),
        .init(
            "a few equal numbers joined",
            .concatenated([Tensor.filled(1, [2]), Tensor.filled(2, [3])]), "constant"),
        .init(
            "equal numbers, however many",
            Tensor.filled(2, [100, 100]) * Tensor.filled(3, [100, 100]),
            "broadcast_in_dim", "constant"),
        .init(
            "a function of equal numbers", Tensor.filled(2, [100, 100]).exp(),
            "broadcast_in_dim", "constant"),
        .init(
            "a comparison of equal numbers", Tensor.filled(2, [100, 100]) .> 1,
            "broadcast_in_dim", "constant"),
    ]

    private static let kept: [RewriteCase] = [
        .init("an input", x + pair),
        .init("random numbers", .randomUniform([2], stream: 1) + pair),
        .init("a variable", Variable("v", [2]).tensor + pair),
        .init("a repeated number", .filled(2, [3])),
        .init("a count", .iota([3], axis: 0)),
        .init(
            "more than 1,024 numbers",
            Tensor.constant((0..<1025).map(Double.init), [1025]).exp()),
    ]
}
