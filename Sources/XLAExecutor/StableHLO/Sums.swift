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
        let precision = text.precision.nameInStableHLO
        return text.apply(
            "dot_general", text.factors(operands),
            batching + ", contracting_dims = [\(inner.0)] x [\(inner.1)], "
                + "precision = [\(precision), \(precision)]", to: shape)
    }
}

extension Precision {
    /// The least exact way of computing a product that XLA may choose.
    ///
    /// `HIGH` is TF32 on NVIDIA's GPUs and three products of bfloat16 on TPUs. Factors of bfloat16
    /// are exact in any way.
    var nameInStableHLO: String {
        switch self {
        case .float32: "HIGHEST"
        case .tf32: "HIGH"
        case .bfloat16: "DEFAULT"
        }
    }
}

extension Lowering {
    /// The factors of a product as its precision has them.
    mutating func factors(_ operands: [Value]) -> [Value] {
        guard precision == .bfloat16 else { return operands }
        return operands.map { converted($0, to: "bf16") }
    }
}
