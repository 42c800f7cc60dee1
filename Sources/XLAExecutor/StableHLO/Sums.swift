import TensorGraph

extension Reduce: Lowerable {
    func lowered(_ operands: [Value], to shape: Shape, in text: inout Lowering) -> Value {
        let (first, function): (Float, String) =
            switch reduction {
            case .sum: (0, "add")
            case .max: (-.infinity, "maximum")
            }
        let start = text.filled(first)
        return text.define(
            "stablehlo.reduce(\(operands[0].name) init: \(start.name)) applies "
                + "stablehlo.\(function) across dimensions = \(axes) : "
                + "(\(operands[0].type), \(start.type)) -> \(Value.type(shape))", shape)
    }
}

extension MatrixProduct: Lowerable {
    func lowered(_ operands: [Value], to shape: Shape, in text: inout Lowering) -> Value {
        let rank = operands[0].shape.rank
        let batch = Array(0..<rank - 2)
        let inner = (rank - (transposeFirst ? 2 : 1), rank - (transposeSecond ? 1 : 2))
        let batching = batch.isEmpty ? "" : ", batching_dims = \(batch) x \(batch)"
        return text.apply(
            "dot_general", operands,
            batching + ", contracting_dims = [\(inner.0)] x [\(inner.1)], "
                + "precision = [HIGHEST, HIGHEST]", to: shape)
    }
}
