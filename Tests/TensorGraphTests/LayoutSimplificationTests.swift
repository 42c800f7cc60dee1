import TensorGraph
import Testing

@Suite("Layout simplification")
struct LayoutSimplificationTests {
    private static let x = Tensor.input("x", [2, 3, 4])
    private static let thin = Tensor.input("thin", [2, 1, 4])
    private static let row = Tensor.input("row", [4])

    @Test("moves that cancel or follow each other become one", arguments: cases)
    func identities(test: RewriteCase) throws {
        #expect(try test.programs(AlgebraicSimplification()).rewritten.names == test.after)
        #expect(try test.deviation(AlgebraicSimplification()) < 1e-15)
    }

    @Test("other moves stay", arguments: notIdentities)
    func lookAlikes(test: RewriteCase) throws {
        let (traced, rewritten) = try test.programs(AlgebraicSimplification())
        #expect(rewritten.description == traced.description)
    }

    @Test("two transposes become the one that has their effect")
    func mergedPermutation() throws {
        let program = try traced(Self.x.transposed([1, 2, 0]).transposed([0, 2, 1]))
        let text = program.applying(AlgebraicSimplification()).removingDeadCode().description
        #expect(text.contains("transpose(%0) {[1, 0, 2]} : [3, 2, 4]"))
    }

    @Test("two sums become one over the axes of both")
    func mergedSums() throws {
        let program = try traced(Self.x.sum(along: [1]).sum(along: [1]))
        let text = program.applying(AlgebraicSimplification()).removingDeadCode().description
        #expect(text.contains("reduce_sum(%0) {axes [1, 2]} : [2]"))
    }

    @Test("the sum of a repeated number is a number")
    func reducedFill() throws {
        let text = try Program(outputs: [("y", Tensor.filled(0.5, [4, 6]).sum())]).description
        #expect(text == "%0 = constant() {[12.0]} : []\nreturn y = %0")
    }

    private static let cases: [RewriteCase] = [
        .init("reshape and back", x.reshaped([6, 4]).reshaped([2, 3, 4]), "input"),
        .init("two reshapes", x.reshaped([6, 4]).reshaped([24]), "input", "reshape"),
        .init(
            "reshape of a fill", Tensor.filled(2, [2, 3]).reshaped([6]),
            "broadcast_in_dim", "constant"),
        .init("transpose to the same order", x.transposed([0, 1, 2]), "input"),
        .init("transpose and back", x.transposed([1, 2, 0]).transposed([2, 0, 1]), "input"),
        .init(
            "two transposes", x.transposed([1, 2, 0]).transposed([0, 2, 1]),
            "input", "transpose"),
        .init(
            "transpose of a fill", Tensor.filled(2, [2, 3]).transposed(),
            "broadcast_in_dim", "constant"),
        .init("moving an axis of extent 1", thin.transposed([1, 0, 2]), "input", "reshape"),
        .init("broadcast to its own shape", x.broadcast(to: [2, 3, 4], axes: [0, 1, 2]), "input"),
        .init(
            "two broadcasts",
            row.broadcast(to: [3, 4], axes: [1]).broadcast(to: [3, 2, 4], axes: [0, 2]),
            "broadcast_in_dim", "input"),
        .init(
            "broadcast of equal numbers",
            Tensor.constant([5, 5, 5], [3]).broadcast(to: [2, 3], axes: [1]),
            "broadcast_in_dim", "constant"),
        .init("a sum along no axis", .apply(Reduce(.sum, axes: []), x), "input"),
        .init("a sum along an axis of extent 1", thin.sum(along: [1]), "input", "reshape"),
        .init("a maximum along an axis of extent 1", thin.max(along: [1]), "input", "reshape"),
        .init("two sums", x.sum(along: [0]).sum(along: [1]), "input", "reduce_sum"),
        .init(
            "the maximum of a fill", Tensor.filled(2, [2, 3]).max(along: [0]),
            "broadcast_in_dim", "constant"),
        .init("a slice of everything", x.sliced(from: [0, 0, 0], to: [2, 3, 4]), "input"),
        .init("no padding", x.padded(low: [0, 0, 0], high: [0, 0, 0]), "input"),
        .init("a concatenation of one", .concatenated([x]), "input"),
    ]

    private static let notIdentities: [RewriteCase] = [
        .init("a maximum of sums", x.sum(along: [0]).max(along: [0])),
        .init("a sum of maxima", x.max(along: [0]).sum(along: [0])),
        .init("a transpose of two long axes", x.transposed([1, 0, 2])),
        .init("a slice", x.sliced(axis: 1, 0..<2)),
        .init("every second element", row.sliced(from: [0], to: [4], by: [2])),
        .init("padding within", x.padded(low: [0, 0, 0], high: [0, 0, 0], interior: [0, 0, 1])),
        .init("a reshaped transpose", x.transposed([1, 0, 2]).reshaped([6, 4])),
    ]
}
