/// A primitive: its meaning, its derivative and its price, together in one place.
///
/// The set is closed and small and follows StableHLO, so that a program maps one to one onto it.
package protocol Operation: Hashable, Sendable {
    /// StableHLO's name of the operation, without the dialect.
    var name: String { get }

    /// Settings in the form in which a program prints them; empty where there are none.
    var attributes: String { get }

    /// The shape of the result, or why these operands cannot be combined.
    func shape(_ operands: [Shape]) throws(ShapeMismatch) -> Shape

    /// The vector-Jacobian product: for each operand, what `cotangent` of the result means for it.
    ///
    /// Emits graph nodes, so that derivatives can be differentiated again; nil is zero.
    func vjp(_ cotangent: Tensor, operands: [Tensor], output: Tensor) -> [Tensor?]

    /// The definition of the operation, plain and in double precision.
    func evaluate(_ operands: [ReferenceTensor], _ clock: RandomClock) -> ReferenceTensor

    /// Floating-point operations of one evaluation; a comparison or a square root counts as one.
    func flops(_ operands: [Shape], output: Shape) -> Int
}

extension Operation {
    package var attributes: String { "" }
    package func flops(_ operands: [Shape], output: Shape) -> Int { 0 }

    /// Whether the result is a function of the operands alone.
    package var isPure: Bool {
        !(self is Input || self is VariableRead || self is RandomNumbers || self is ShardSlice
            || self is any Collective)
    }

    func expect(_ condition: Bool, _ message: @autoclosure () -> String) throws(ShapeMismatch) {
        guard condition else { throw ShapeMismatch(message()) }
    }
}

/// What the random numbers of one run of a program are a function of, beside their stream.
public struct RandomClock: Hashable, Sendable {
    /// Chosen by the user; one training has one seed.
    public var seed: UInt64
    /// The number of the run, counted from zero.
    public var step: UInt64
    /// Which part of a divided batch is computed, counted from zero.
    package var shard = 0

    /// A clock that shows `step` in the training of `seed`.
    public init(seed: UInt64 = 0, step: UInt64 = 0) {
        self.seed = seed
        self.step = step
    }
}

/// Every primitive by the name that a program prints.
///
/// Tests walk this list and demand a derivative check for each entry; the verifier refuses a
/// program with an operation that is not in it.
package enum PrimitiveCatalogue {
    package static let names: [String] =
        ["constant", "input", "variable", "iota", "reshape", "transpose", "broadcast_in_dim"]
        + ["slice", "pad", "concatenate", "select", "sort", "unsort", "dot_general"]
        + ["optimization_barrier"]
        + ["convolution", "convolution_input_gradient", "convolution_weight_gradient"]
        + Unary.allCases.map(\.name) + Binary.allCases.map(\.name)
        + Comparison.allCases.map { Compare($0).name }
        + Reduction.allCases.map { Reduce($0, axes: []).name }
        + RandomKind.allCases.map(\.primitiveName)

    /// What divided programs have beside: their values differ from shard to shard.
    package static let ofDividedPrograms = ["all_reduce", "all_gather", "shard_slice"]
}
