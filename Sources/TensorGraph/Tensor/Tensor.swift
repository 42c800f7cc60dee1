/// A symbolic array of real numbers with a static shape: a node of a graph.
///
/// Operators and methods on tensors build further nodes; nothing is computed until a ``Program`` is
/// made of the results and run by an executor. Tensors are immutable values and cheap to copy.
public struct Tensor: Sendable {
    package let node: Node

    /// The tensor's extents.
    public var shape: Shape { node.shape }
    /// The number of axes.
    public var rank: Int { shape.rank }

    package init(_ node: Node) { self.node = node }
}

/// One operation applied to the results of others.
package final class Node: Sendable {
    package let operation: any Operation
    package let operands: [Node]
    package let shape: Shape
    /// The first mistake in this node or in what it depends on, and where it was made.
    private let mistake: (message: String, place: CallSite)?

    /// The mistake as an error, whose line is looked up anew each time.
    package var failure: GraphError? {
        mistake.map { GraphError(message: $0.message, location: $0.place.line) }
    }

    /// Whether there is a mistake.
    package var isInvalid: Bool { mistake != nil }

    package init(_ operation: any Operation, _ operands: [Node]) {
        self.operation = operation
        self.operands = operands
        if let inherited = operands.lazy.compactMap(\.mistake).first {
            (shape, mistake) = ([], inherited)
            return
        }
        do throws(ShapeMismatch) {
            (shape, mistake) = (try operation.shape(operands.map(\.shape)), nil)
        } catch {
            (shape, mistake) = ([], ("\(operation.name): \(error.message)", CallSite()))
        }
    }
}

extension Tensor {
    /// The tensor that `operation` makes of `operands`.
    package static func apply(_ operation: any Operation, _ operands: Tensor...) -> Tensor {
        Tensor(Node(operation, operands.map(\.node)))
    }

    package static func apply(_ operation: any Operation, operands: [Tensor]) -> Tensor {
        Tensor(Node(operation, operands.map(\.node)))
    }

    /// Whether the tensor is known to carry a mistake; its shape then means nothing.
    package var isInvalid: Bool { node.isInvalid }

    /// A tensor that carries a mistake found outside an operation's own shape rule.
    package static func invalid(_ message: String, from operands: Tensor...) -> Tensor {
        apply(Rejected(message: message), operands: operands)
    }
}

/// The operation of a tensor whose arguments made no sense; it never reaches a program.
private struct Rejected: Operation {
    let message: String
    var name: String { "tensor" }
    func shape(_ operands: [Shape]) throws(ShapeMismatch) -> Shape { throw ShapeMismatch(message) }
    func vjp(_ cotangent: Tensor, operands: [Tensor], output: Tensor) -> [Tensor?] { [] }
    func evaluate(_ operands: [ReferenceTensor], _ clock: RandomClock) -> ReferenceTensor {
        preconditionFailure("a rejected tensor was evaluated")
    }
}
