/// Numbers known when the graph is built.
package struct Constant: Operation {
    package let value: ReferenceTensor
    package var name: String { "constant" }
    package var attributes: String {
        value.values.count <= 8 ? "\(value.values)" : "\(value.values.count) values"
    }

    package init(_ value: ReferenceTensor) { self.value = value }

    /// Constants are the same when their bits are: −0 is not 0, and a NaN is itself.
    package static func == (a: Constant, b: Constant) -> Bool {
        a.value.shape == b.value.shape
            && a.value.values.elementsEqual(b.value.values) { $0.bitPattern == $1.bitPattern }
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(value.shape)
        hasher.combine(value.values.first?.bitPattern)
    }

    package func shape(_ operands: [Shape]) throws(ShapeMismatch) -> Shape {
        try expect(
            value.values.count == value.shape.count,
            "\(value.values.count) values cannot fill the shape \(value.shape)")
        return value.shape
    }
    package func vjp(_ cotangent: Tensor, operands: [Tensor], output: Tensor) -> [Tensor?] { [] }
    package func evaluate(_ operands: [ReferenceTensor], _ clock: RandomClock) -> ReferenceTensor {
        value
    }
}

/// Numbers handed over at each run.
package struct Input: Operation {
    package let label: String
    package let declared: Shape
    package var name: String { "input" }
    package var attributes: String { label }

    package func shape(_ operands: [Shape]) throws(ShapeMismatch) -> Shape { declared }
    package func vjp(_ cotangent: Tensor, operands: [Tensor], output: Tensor) -> [Tensor?] { [] }
    package func evaluate(_ operands: [ReferenceTensor], _ clock: RandomClock) -> ReferenceTensor {
        preconditionFailure("inputs are filled by the executor")
    }
}

/// The value that a variable has when a run begins.
package struct VariableRead: Operation {
    package let variable: Variable
    package var name: String { "variable" }
    package var attributes: String { variable.name }

    package func shape(_ operands: [Shape]) throws(ShapeMismatch) -> Shape { variable.shape }
    package func vjp(_ cotangent: Tensor, operands: [Tensor], output: Tensor) -> [Tensor?] { [] }
    package func evaluate(_ operands: [ReferenceTensor], _ clock: RandomClock) -> ReferenceTensor {
        preconditionFailure("variables are filled by the executor")
    }
}

/// Persistent state of a training: parameters, optimiser moments, running statistics.
///
/// A variable is a name and a shape; its numbers live with the executor. Programs that name the
/// same variable share it.
public struct Variable: Hashable, Sendable {
    /// Unique within a training, dotted, as `critic.0.weight`.
    public let name: String
    /// The extents of its value.
    public let shape: Shape

    /// A variable called `name`.
    public init(_ name: String, _ shape: Shape) {
        self.name = name
        self.shape = shape
    }

    /// The value that the variable has when a program begins to run.
    public var tensor: Tensor { .apply(VariableRead(variable: self)) }
}

/// Counts along one axis: element (…, i, …) is i.
package struct Iota: Operation {
    package let declared: Shape
    package let axis: Int
    package var name: String { "iota" }
    package var attributes: String { "axis \(axis)" }

    package func shape(_ operands: [Shape]) throws(ShapeMismatch) -> Shape {
        try expect(
            declared.dimensions.indices.contains(axis), "axis \(axis) is not in shape \(declared)")
        return declared
    }
    package func vjp(_ cotangent: Tensor, operands: [Tensor], output: Tensor) -> [Tensor?] { [] }
    package func evaluate(_ operands: [ReferenceTensor], _ clock: RandomClock) -> ReferenceTensor {
        let stride = declared.strides[axis]
        return ReferenceTensor(declared) { Double($0 / stride % declared[axis]) }
    }
}

extension Tensor {
    /// A tensor of numbers handed over at each run under `name`.
    public static func input(_ name: String, _ shape: Shape) -> Tensor {
        .apply(Input(label: name, declared: shape))
    }

    /// A tensor of known numbers in row-major order.
    public static func constant(_ values: [Double], _ shape: Shape) -> Tensor {
        .apply(Constant(ReferenceTensor(shape: shape, values: values)))
    }

    /// A tensor with the same number everywhere.
    public static func filled(_ value: Double, _ shape: Shape) -> Tensor {
        Tensor.constant([value], []).broadcast(to: shape)
    }

    /// A tensor that counts along `axis`: element (…, i, …) is i.
    public static func iota(_ shape: Shape, axis: Int) -> Tensor {
        .apply(Iota(declared: shape, axis: axis))
    }
}

extension Tensor: ExpressibleByFloatLiteral, ExpressibleByIntegerLiteral {
    /// A scalar constant, as in `0.5 * x`.
    public init(floatLiteral value: Double) { self = .constant([value], []) }
    /// A scalar constant, as in `1 - x`.
    public init(integerLiteral value: Int) { self = .constant([Double(value)], []) }
    /// A scalar constant from a number that is known only when the graph is built.
    public init(_ value: Double) { self = .constant([value], []) }
}
