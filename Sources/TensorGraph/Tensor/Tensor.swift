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

/// The extent of a tensor along each of its axes; `[]` is a scalar.
public struct Shape: Hashable, Sendable, ExpressibleByArrayLiteral, CustomStringConvertible {
    /// Extents, outermost axis first; the last axis is contiguous in memory.
    public let dimensions: [Int]

    /// A shape from its extents, each at least zero.
    public init(_ dimensions: [Int]) {
        precondition(dimensions.allSatisfy { $0 >= 0 }, "negative extent in \(dimensions)")
        self.dimensions = dimensions
    }

    /// A shape from its extents, each at least zero: `[64, 28, 28, 1]`.
    public init(arrayLiteral elements: Int...) { self.init(elements) }

    /// The number of axes.
    public var rank: Int { dimensions.count }

    /// The number of elements: the product of all extents, 1 for a scalar.
    public var count: Int { dimensions.reduce(1, *) }

    /// The extent along `axis`, 0 ≤ axis < rank.
    public subscript(axis: Int) -> Int { dimensions[axis] }

    /// The extents in brackets: `[64, 28, 28, 1]`.
    public var description: String { dimensions.description }

    /// Elements between neighbours along each axis of a dense row-major array.
    package var strides: [Int] {
        var strides = [Int](repeating: 1, count: rank)
        for axis in stride(from: rank - 2, through: 0, by: -1) {
            strides[axis] = strides[axis + 1] * dimensions[axis + 1]
        }
        return strides
    }

    /// The extents of all axes but those in `axes`.
    package func removing(_ axes: [Int]) -> Shape {
        Shape(dimensions.indices.filter { !axes.contains($0) }.map { dimensions[$0] })
    }

    /// NumPy's rule: extents are aligned at the end and 1 stretches; nil where they do not fit.
    package func broadcast(with other: Shape) -> Shape? {
        var result: [Int] = []
        for back in 1...max(rank, other.rank, 1) where back <= max(rank, other.rank) {
            let left = back <= rank ? dimensions[rank - back] : 1
            let right = back <= other.rank ? other.dimensions[other.rank - back] : 1
            guard left == right || left == 1 || right == 1 else { return nil }
            result.append(left == 1 ? right : left)
        }
        return Shape(result.reversed())
    }
}

/// A mistake in building a graph: an operation that its operands' shapes do not allow.
///
/// Arithmetic on tensors does not throw; the first such mistake is thrown when the tensors that
/// depend on it are made into a ``Program``.
public struct GraphError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What is wrong, with the shapes involved.
    public let message: String
    /// The file and line of the user's code that built the operation, where it could be found.
    public let location: String?

    /// The message, after `file:line: ` where the place is known.
    public var description: String {
        location.map { "\($0): \(message)" } ?? message
    }
}

/// Operands that an operation refuses, before the place of the mistake is known.
package struct ShapeMismatch: Error {
    package let message: String
    package init(_ message: String) { self.message = message }
}

#if canImport(Runtime)
    import Runtime
#endif

/// The place in user code where a tensor was built.
///
/// Operators cannot take a `#line` argument, so it is read from the call stack, and only where
/// there is a mistake: a correct graph costs nothing. The stack is kept as it is; names and lines
/// are looked up when somebody asks, since this takes seconds and many a mistake is never thrown.
package struct CallSite: Sendable {
    /// Parts of paths: of our folders, and of what an optimised build has instead of an operator's.
    private static let notUsers = [
        "Sources/TensorGraph/", "Sources/NeuralNetworks/", "<compiler-generated>",
    ]

    #if canImport(Runtime)
        private let trace = try? Backtrace.capture(limit: 64)
    #endif

    /// The place that is building a tensor now.
    package init() {}

    /// `file:line` of the innermost frame outside the libraries that define tensors and layers;
    /// nil where the binary has no debug information.
    package var line: String? {
        #if canImport(Runtime)
            for frame in trace?.symbolicated()?.frames ?? [] {
                guard let place = frame.symbol?.sourceLocation, place.line > 0 else { continue }
                if Self.notUsers.contains(where: { place.path.contains($0) }) { continue }
                return "\(place.path):\(place.line)"
            }
        #endif
        return nil
    }
}
