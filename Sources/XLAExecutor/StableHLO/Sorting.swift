import TensorGraph

/// Keys from the largest down, equal ones in their order, what is no number last.
extension Arrange: Lowerable {
    func lowered(_ operands: [Value], to shape: Shape, in text: inout Lowering) -> Value {
        let grouped = Shape(
            shape.dimensions.dropLast() + [shape.dimensions[shape.rank - 1] / group, group])
        let keys = text.reshaped(operands[0], grouped)
        let numbers = text.reshaped(operands[1], grouped)
        guard isInverse else {
            return text.reshaped(text.sorted(keys, numbers, text.falling), shape)
        }
        let places = text.define(
            "stablehlo.iota dim = \(grouped.rank - 1) : \(Value.type(grouped, "ui32"))", grouped,
            "ui32")
        let order = text.sorted(keys, places, text.falling)
        return text.reshaped(text.sorted(order, numbers, text.rising), shape)
    }
}

extension Lowering {
    /// Whether the key %a comes before the key %b.
    fileprivate typealias Order = [String]

    fileprivate var falling: Order {
        [
            "%larger = stablehlo.compare GT, %a, %b, FLOAT : (tensor<f32>, tensor<f32>) "
                + "-> tensor<i1>",
            "%number = stablehlo.compare EQ, %a, %a, FLOAT : (tensor<f32>, tensor<f32>) "
                + "-> tensor<i1>",
            "%none = stablehlo.compare NE, %b, %b, FLOAT : (tensor<f32>, tensor<f32>) "
                + "-> tensor<i1>",
            "%last = stablehlo.and %number, %none : tensor<i1>",
            "%first = stablehlo.or %larger, %last : tensor<i1>",
        ]
    }

    fileprivate var rising: Order {
        [
            "%first = stablehlo.compare LT, %a, %b, UNSIGNED : (tensor<ui32>, tensor<ui32>) "
                + "-> tensor<i1>"
        ]
    }

    /// The numbers as their keys are sorted along the last axis.
    fileprivate mutating func sorted(_ keys: Value, _ numbers: Value, _ order: Order) -> Value {
        let (key, number) = (Value.type([], keys.element), Value.type([], numbers.element))
        let types = "(\(keys.type), \(numbers.type))"
        let body = order.map { "    \($0)\n" }.joined()
        return defineLast(
            of: 2,
            "\"stablehlo.sort\"(\(keys.name), \(numbers.name)) "
                + "<{dimension = \(keys.shape.rank - 1) : i64, is_stable = true}> ({\n"
                + "  ^order(%a: \(key), %b: \(key), %c: \(number), %d: \(number)):\n"
                + "\(body)    stablehlo.return %first : tensor<i1>\n"
                + "  }) : \(types) -> \(types)", numbers.shape, numbers.element)
    }
}
