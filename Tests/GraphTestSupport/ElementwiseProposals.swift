import Philox
import TensorGraph

/// Operations on elements, and what gives them operands of one shape.
extension GraphGrowth {
    mutating func unary() -> Tensor {
        let x = any()
        switch below(14) {
        case 0: return -x
        case 1: return (0.5 * x).exp()
        case 2: return (x * x + 0.5).log()
        case 3: return (x * x + 0.25).sqrt()
        case 4: return x.tanh()
        case 5: return x.sigmoid()
        case 6: return x.abs()
        case 7: return x.sign()
        case 8: return .maximum(x, 0)
        case 9: return .select(x .> 0, x, 0.25 * x)
        case 10: return x.clamped(to: -1...1.5)
        case 11: return x * x
        case 12: return x.stoppingGradient() + 1
        default: return (1 + (-x.abs()).exp()).log() + .maximum(x, 0)
        }
    }

    mutating func binary() -> Tensor {
        let (a, b) = pair()
        switch below(12) {
        case 0, 1: return a + b
        case 2: return a - b
        case 3: return b - a
        case 4, 5: return a * b
        case 6: return a / (1 + b * b)
        case 7: return a / b
        case 8: return .maximum(a, b)
        case 9: return .minimum(a, b)
        // Identities, for the passes to find.
        case 10: return a * 1 + 0 * b - (-b)
        default: return 2 * (0.5 * a) + a / 1
        }
    }

    /// A comparison, or a choice by one.
    mutating func choice() -> Tensor {
        let (a, b) = chance(1, of: 2) ? pair() : (any(), Tensor(Double(below(13) - 6) / 4))
        let conditions = [a .> b, a .>= b, a .< b, a .<= b, a .== b, a .!= b]
        let condition = conditions[below(conditions.count)]
        return chance(1, of: 3) ? condition : .select(condition, a, 0.5 * b)
    }

    /// A tensor repeated to a larger shape.
    mutating func spread() -> Tensor {
        let x = any()
        guard !isLarge, chance(1, of: 2) else {
            return x + source(narrower(than: x.shape))
        }
        var extents = x.shape.dimensions
        for axis in extents.indices where extents[axis] == 1 { extents[axis] = 1 + below(4) }
        return x.broadcast(to: Shape((0..<below(3)).map { _ in 1 + below(3) } + extents))
    }

    /// Two tensors that broadcast together.
    private mutating func pair() -> (Tensor, Tensor) {
        let a = any()
        let partners = pool.filter { a.shape.broadcast(with: $0.shape) != nil }
        if chance(3, of: 4), let b = partners.randomElement(using: &random) { return (a, b) }
        return (a, source(narrower(than: a.shape)))
    }
}
