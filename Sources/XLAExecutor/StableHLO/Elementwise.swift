import TensorGraph

extension Unary: Lowerable {
    func lowered(_ operands: [Value], to shape: Shape, in text: inout Lowering) -> Value {
        text.apply(name, operands, to: shape)
    }
}

extension Binary: Lowerable {
    func lowered(_ operands: [Value], to shape: Shape, in text: inout Lowering) -> Value {
        text.apply(name, operands, to: shape)
    }
}

/// A truth value is 1 or 0 here, and a type of its own in StableHLO.
extension Compare: Lowerable {
    func lowered(_ operands: [Value], to shape: Shape, in text: inout Lowering) -> Value {
        let truth = text.compared(operands[0], comparison.rawValue.uppercased(), operands[1])
        return text.converted(truth, to: "f32")
    }
}

extension Select: Lowerable {
    func lowered(_ operands: [Value], to shape: Shape, in text: inout Lowering) -> Value {
        let zero = text.filled(0, operands[0].shape)
        let truth = text.compared(operands[0], "NE", zero)
        return text.selected(truth, operands[1], operands[2])
    }
}

extension StopGradient: Lowerable {
    /// Nothing: derivatives have been taken.
    func lowered(_ operands: [Value], to shape: Shape, in text: inout Lowering) -> Value {
        operands[0]
    }
}

extension Lowering {
    /// The truth values of a comparison: `EQ`, `NE`, `GE`, `GT`, `LE` or `LT`.
    mutating func compared(_ a: Value, _ comparison: String, _ b: Value) -> Value {
        let kind = a.element == "f32" ? "FLOAT" : "UNSIGNED"
        return define(
            "stablehlo.compare \(comparison), \(a.name), \(b.name), \(kind) : "
                + "(\(a.type), \(b.type)) -> \(Value.type(a.shape, "i1"))", a.shape, "i1")
    }

    mutating func selected(_ truth: Value, _ a: Value, _ b: Value) -> Value {
        apply("select", [truth, a, b], to: a.shape, a.element)
    }
}
