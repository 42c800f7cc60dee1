import Foundation

/// Functions of one number, applied to each element.
package enum Unary: String, Operation, CaseIterable {
    case negate
    case exponential
    case log
    case sqrt
    case tanh
    case logistic
    case abs
    case sign

    package var name: String { rawValue }

    package func shape(_ operands: [Shape]) throws(ShapeMismatch) -> Shape { operands[0] }

    package func vjp(_ cotangent: Tensor, operands: [Tensor], output y: Tensor) -> [Tensor?] {
        switch self {
        case .negate: [-cotangent]
        case .exponential: [cotangent * y]
        case .log: [cotangent / operands[0]]
        case .sqrt: [0.5 * cotangent / y]
        case .tanh: [cotangent * (1 - y * y)]
        case .logistic: [cotangent * y * (1 - y)]
        case .abs: [cotangent * operands[0].sign()]
        case .sign: [nil]
        }
    }

    /// The function itself. `sign` is −1, 0 or 1.
    package func scalar(_ x: Double) -> Double {
        switch self {
        case .negate: -x
        case .exponential: Foundation.exp(x)
        case .log: Foundation.log(x)
        case .sqrt: x.squareRoot()
        case .tanh: Foundation.tanh(x)
        case .logistic: 1 / (1 + Foundation.exp(-x))
        case .abs: Swift.abs(x)
        case .sign: x > 0 ? 1 : x < 0 ? -1 : x
        }
    }

    package func evaluate(_ operands: [ReferenceTensor], _ clock: RandomClock) -> ReferenceTensor {
        ReferenceTensor(shape: operands[0].shape, values: operands[0].values.map(scalar))
    }

    package func flops(_ operands: [Shape], output: Shape) -> Int { output.count }
}

extension Tensor {
    /// Each element with the other sign.
    public static prefix func - (x: Tensor) -> Tensor { .apply(Unary.negate, x) }
    /// eˣ of each element.
    public func exp() -> Tensor { .apply(Unary.exponential, self) }
    /// The natural logarithm of each element.
    public func log() -> Tensor { .apply(Unary.log, self) }
    /// The square root of each element; its derivative is infinite at zero.
    public func sqrt() -> Tensor { .apply(Unary.sqrt, self) }
    /// The hyperbolic tangent of each element.
    public func tanh() -> Tensor { .apply(Unary.tanh, self) }
    /// The logistic function 1 / (1 + e⁻ˣ) of each element.
    public func sigmoid() -> Tensor { .apply(Unary.logistic, self) }
    /// The square of each element.
    public func squared() -> Tensor { self * self }
    /// The magnitude of each element; its derivative at zero is taken as zero.
    public func abs() -> Tensor { .apply(Unary.abs, self) }
    /// −1, 0 or 1 by the sign of each element; its derivative is taken as zero.
    public func sign() -> Tensor { .apply(Unary.sign, self) }
}
