import TensorGraph
import Testing

@Suite("Algebraic simplification")
struct AlgebraicSimplificationTests {
    private static let x = Tensor.input("x", [2, 3])
    private static let y = Tensor.input("y", [2, 3])
    private static let batch = Tensor.input("batch", [2, 3, 4])
    private static let column = Tensor.input("column", [4, 1])
    private static let row = Tensor.input("row", [1, 5])
    private static let square = Tensor.input("square", [2, 3, 3])

    @Test("identities collapse", arguments: neutral + signs + choices + transposes)
    func identities(test: RewriteCase) throws {
        #expect(try test.programs(AlgebraicSimplification()).rewritten.names == test.after)
        #expect(try test.deviation(AlgebraicSimplification()) < 1e-15)
    }

    @Test("what only looks like an identity stays", arguments: notIdentities)
    func lookAlikes(test: RewriteCase) throws {
        let (traced, rewritten) = try test.programs(AlgebraicSimplification())
        #expect(rewritten.description == traced.description)
    }

    @Test("factors are multiplied, not forgotten")
    func mergedFactors() throws {
        let program = try traced(2 * (Self.x * 3)).applying(AlgebraicSimplification())
        #expect(program.removingDeadCode().description.contains("constant() {[6.0]}"))
    }

    @Test("a chain of factors collapses to one, for each of its parts that is used")
    func chains() throws {
        let product = (0..<6).reduce(Self.x) { x, _ in 2 * x }
        let program = try Program(outputs: [("y", product)])
        #expect(program.names == ["broadcast_in_dim", "constant", "input", "multiply"])
        let shared = 2 * (3 * Self.x)
        let parts = try Program(outputs: [
            ("a", shared), ("b", 5 * shared), ("c", 7 * (5 * shared)),
        ])
        #expect(parts.names.filter { $0 == "multiply" }.count == 3)
        #expect(parts.simplified().description == parts.description)
    }

    private static let neutral: [RewriteCase] = [
        .init("x + 0", x + 0, "input"),
        .init("0 + x", 0 + x, "input"),
        .init("x − 0", x - 0, "input"),
        .init("0 − x", 0 - x, "input", "negate"),
        .init("x · 1", x * 1, "input"),
        .init("1 · x", 1 * x, "input"),
        .init("x · 0", x * 0, "broadcast_in_dim", "constant"),
        .init("0 · x", 0 * x, "broadcast_in_dim", "constant"),
        .init("x / 1", x / 1, "input"),
        .init("0 / x", 0 / x, "broadcast_in_dim", "constant"),
        .init("c · (d · x)", 2 * (3 * x), "broadcast_in_dim", "constant", "input", "multiply"),
        .init("(x · d) · c", (x * 3) * 2, "broadcast_in_dim", "constant", "input", "multiply"),
    ]

    private static let signs: [RewriteCase] = [
        .init("−(−x)", -(-x), "input"),
        .init("x · −1", x * -1, "input", "negate"),
        .init("−1 · x", -1 * x, "input", "negate"),
        .init("x + (−y)", x + (-y), "input", "input", "subtract"),
        .init("(−x) + y", (-x) + y, "input", "input", "subtract"),
        .init("x − (−y)", x - (-y), "add", "input", "input"),
    ]

    private static let choices: [RewriteCase] = [
        .init("max(x, x)", .maximum(x, x), "input"),
        .init("min(x, x)", .minimum(x, x), "input"),
        .init("x if y else x", .select(y, x, x), "input"),
        .init("x if 1 else y", .select(1, x, y), "input"),
        .init("x if 0 else y", .select(0, x, y), "input"),
        .init(
            "both halves of a choice", .select(y, x, 0) + 0.5 * .select(y, 0, x),
            "broadcast_in_dim", "constant", "input", "input", "multiply", "select"),
        .init(
            "both halves the other way round", 0.5 * .select(y, 0, x) + .select(y, x, 0),
            "broadcast_in_dim", "constant", "input", "input", "multiply", "select"),
        .init("a stopped gradient", x.stoppingGradient() + y, "add", "input", "input"),
    ]

    private static let transposes: [RewriteCase] = [
        .init("xᵀ · y", x.transposed().matmul(y), "dot_general", "input", "input"),
        .init("x · yᵀ", x.matmul(y.transposed()), "dot_general", "input", "input"),
        .init(
            "xᵀᵀ · y", y.transposed().matmul(x, transposeFirst: true, transposeSecond: true),
            "dot_general", "input", "input"),
        .init(
            "a column times a row", column.matmul(row), "broadcast_in_dim", "broadcast_in_dim",
            "input", "input", "multiply", "reshape", "reshape"),
        .init(
            "the same, both transposed",
            row.matmul(column, transposeFirst: true, transposeSecond: true),
            "broadcast_in_dim", "broadcast_in_dim", "input", "input", "multiply", "reshape",
            "reshape"),
        .init("batches", batch.transposed().matmul(square), "dot_general", "input", "input"),
    ]

    private static let notIdentities: [RewriteCase] = [
        .init("x − x", x - x),
        .init("x / x", x / x),
        .init("x + 1", x + 1),
        .init("1 − x", 1 - x),
        .init("1 / x", 1 / x),
        .init("max(x, y)", .maximum(x, y)),
        .init("x if y else 0", .select(y, x, 0)),
        .init("halves of two choices", .select(y, x, 0) + 0.5 * .select(x, 0, x)),
        .init(
            "another order of axes",
            batch.transposed([1, 0, 2]).matmul(batch.transposed([1, 2, 0]))),
    ]
}
