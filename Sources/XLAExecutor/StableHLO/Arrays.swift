import TensorGraph

extension Constant: Lowerable {
    func lowered(_ operands: [Value], to shape: Shape, in text: inout Lowering) -> Value {
        let bits = value.values.map { Float($0).bitPattern }
        guard let first = bits.first else { return text.filled(0, shape) }
        if bits.allSatisfy({ $0 == first }) { return text.filled(Float(bitPattern: first), shape) }
        let bytes = bits.map { hexadecimal($0.byteSwapped) }.joined()
        return text.define("stablehlo.constant dense<\"0x\(bytes)\"> : \(Value.type(shape))", shape)
    }
}

extension Iota: Lowerable {
    func lowered(_ operands: [Value], to shape: Shape, in text: inout Lowering) -> Value {
        text.define("stablehlo.iota dim = \(axis) : \(Value.type(shape))", shape)
    }
}

extension ChangeShape: Lowerable {
    func lowered(_ operands: [Value], to shape: Shape, in text: inout Lowering) -> Value {
        text.reshaped(operands[0], shape)
    }
}

extension Transpose: Lowerable {
    func lowered(_ operands: [Value], to shape: Shape, in text: inout Lowering) -> Value {
        text.apply("transpose", operands, ", dims = \(permutation)", to: shape)
    }
}

extension Broadcast: Lowerable {
    func lowered(_ operands: [Value], to shape: Shape, in text: inout Lowering) -> Value {
        text.broadcast(operands[0], axes, to: shape)
    }
}

extension Slice: Lowerable {
    func lowered(_ operands: [Value], to shape: Shape, in text: inout Lowering) -> Value {
        text.sliced(operands[0], starts, limits, strides)
    }
}

extension Pad: Lowerable {
    func lowered(_ operands: [Value], to shape: Shape, in text: inout Lowering) -> Value {
        let zero = text.filled(0)
        return text.apply(
            "pad", [operands[0], zero], ", low = \(low), high = \(high), interior = \(interior)",
            to: shape)
    }
}

extension Concatenate: Lowerable {
    func lowered(_ operands: [Value], to shape: Shape, in text: inout Lowering) -> Value {
        text.apply("concatenate", operands, ", dim = \(axis)", to: shape)
    }
}

extension Lowering {
    mutating func sliced(
        _ value: Value, _ starts: [Int], _ limits: [Int], _ strides: [Int]
    ) -> Value {
        let shape = Shape(
            zip(zip(starts, limits), strides).map { ($0.1 - $0.0 + $1 - 1) / $1 })
        let ranges = zip(zip(starts, limits), strides).map { "\($0.0):\($0.1):\($1)" }
        return apply(
            "slice", [value], " [\(ranges.joined(separator: ", "))]", to: shape, value.element)
    }
}
