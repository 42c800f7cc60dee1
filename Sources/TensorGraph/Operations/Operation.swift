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
        !(self is Input || self is VariableRead || self is RandomNumbers)
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

    /// A clock that shows `step` in the training of `seed`.
    public init(seed: UInt64 = 0, step: UInt64 = 0) {
        self.seed = seed
        self.step = step
    }
}
