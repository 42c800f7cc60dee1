import TensorGraph

/// Philox 4×32-10 in whole numbers, so that the bits are those of every other executor.
extension RandomNumbers: Lowerable {
    func lowered(_ operands: [Value], to shape: Shape, in text: inout Lowering) -> Value {
        let count = shape.count
        let blocks = (count + 3) / 4
        let name = "philox_\(blocks)"
        text.function(name) { $0.philox(name, blocks: blocks) }
        let number = text.filled(word: stream)
        let words = text.define(
            "func.call @\(name)(\(Lowering.clock.name), \(number.name)) : "
                + "(\(Lowering.clock.type), \(number.type)) -> \(Value.type([blocks, 4], "ui32"))",
            [blocks, 4], "ui32")
        let uniform = text.uniform(words)
        let numbers = kind == .uniform ? uniform : text.normal(uniform)
        let all = text.reshaped(numbers, [4 * blocks])
        return text.divided(text.reshaped(text.sliced(all, [0], [count], [1]), shape))
    }
}

extension Lowering {
    /// The function from the clock and a stream to the words of so many blocks.
    fileprivate mutating func philox(
        _ name: String, blocks: Int
    ) -> (head: String, result: Value) {
        let shape: Shape = [blocks]
        let clock = (0..<4).map { word in
            broadcast(reshaped(sliced(Self.clock, [word], [word + 1], [1]), []), to: shape)
        }
        let stream = Value(name: "%stream", shape: [], element: "ui32")
        let index = define("stablehlo.iota dim = 0 : \(Value.type(shape, "ui32"))", shape, "ui32")
        var state = [index, broadcast(stream, to: shape), clock[2], clock[3]]
        var key = [clock[0], clock[1]]
        for round in 0..<10 {
            if round > 0 {
                key = zip(key, [0x9E37_79B9, 0xBB67_AE85] as [UInt32]).map {
                    apply("add", [$0, filled(word: $1, shape)], to: shape, "ui32")
                }
            }
            let first = product(state[0], 0xD251_1F53)
            let second = product(state[2], 0xCD9E_8D57)
            state = [
                mixed(second.high, state[1], key[0]), second.low,
                mixed(first.high, state[3], key[1]), first.low,
            ]
        }
        let columns = state.map { reshaped($0, [blocks, 1]) }
        let words = apply("concatenate", columns, ", dim = 1", to: [blocks, 4], "ui32")
        let arguments = "%clock: \(Self.clock.type), %stream: \(stream.type)"
        return ("func.func private @\(name)(\(arguments))", words)
    }

    /// The two words of a product with a constant.
    private mutating func product(_ value: Value, _ factor: UInt32) -> (high: Value, low: Value) {
        let wide = converted(value, to: "ui64")
        let constant = converted(filled(word: factor, value.shape), to: "ui64")
        let product = apply("multiply", [wide, constant], to: value.shape, "ui64")
        let half = converted(filled(word: 32, value.shape), to: "ui64")
        let high = apply("shift_right_logical", [product, half], to: value.shape, "ui64")
        return (converted(high, to: "ui32"), converted(product, to: "ui32"))
    }

    private mutating func mixed(_ a: Value, _ b: Value, _ c: Value) -> Value {
        apply("xor", [apply("xor", [a, b], to: a.shape, "ui32"), c], to: a.shape, "ui32")
    }

    /// 0 ≤ u < 1 in multiples of 2⁻²⁴ from the upper bits of each word.
    fileprivate mutating func uniform(_ words: Value) -> Value {
        let upper = apply(
            "shift_right_logical", [words, filled(word: 8, words.shape)], to: words.shape, "ui32")
        return apply(
            "multiply", [converted(upper, to: "f32"), filled(0x1p-24, words.shape)],
            to: words.shape)
    }

    /// Standard normal numbers by the Box–Muller transform of neighbours along the last axis.
    fileprivate mutating func normal(_ uniform: Value) -> Value {
        let pairs: Shape = [uniform.shape.count / 2, 2]
        let (count, whole) = (pairs[0], reshaped(uniform, pairs))
        let column: Shape = [count, 1]
        let u = sliced(whole, [0, 0], [count, 1], [1, 1])
        let v = sliced(whole, [0, 1], [count, 2], [1, 1])
        let rest = apply("subtract", [filled(1, column), u], to: column)
        let square = apply(
            "multiply", [filled(-2, column), apply("log", [rest], to: column)], to: column)
        let radius = apply("sqrt", [square], to: column)
        let angle = apply("multiply", [filled(2 * Float.pi, column), v], to: column)
        let both = ["cosine", "sine"].map { function in
            apply("multiply", [radius, apply(function, [angle], to: column)], to: column)
        }
        return apply("concatenate", both, ", dim = 1", to: pairs)
    }
}
