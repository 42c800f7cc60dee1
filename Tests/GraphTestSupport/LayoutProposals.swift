import Philox
import TensorGraph

/// Operations that move elements without computing.
extension GraphGrowth {
    mutating func layout() -> Tensor {
        switch below(11) {
        case 0, 1: return rearranged()
        case 2, 3:
            let x = any(rank: 2)
            return x.transposed((0..<x.rank).shuffled(using: &random))
        case 4, 5: return window(any(rank: 1))
        case 6: return padded(any(rank: 1))
        case 7, 8: return sorted(any(rank: 1))
        default: return joined(any(rank: 1))
        }
    }

    /// Numbers in order, or others moved as these would be.
    private mutating func sorted(_ x: Tensor) -> Tensor {
        let last = x.shape[x.rank - 1]
        let group = [2, 3, 5, last].first { last % $0 == 0 } ?? 1
        guard chance(1, of: 2) else { return x.sorted(inGroupsOf: group) }
        return .apply(Arrange(group: group, isInverse: chance(1, of: 2)), x, 0.5 * x * x)
    }

    private mutating func rearranged() -> Tensor {
        let x = any()
        let extents = x.shape.dimensions
        guard chance(1, of: 2), let factor = [7, 3, 2].first(where: { x.shape.count % $0 == 0 })
        else {
            return x.reshaped(chance(1, of: 2) ? [x.shape.count] : Shape(extents + [1]))
        }
        return x.reshaped([factor, x.shape.count / factor])
    }

    private mutating func window(_ x: Tensor) -> Tensor {
        let starts = x.shape.dimensions.map { below(($0 + 1) / 2) }
        let limits = zip(x.shape.dimensions, starts).map { $0 - below(($0 - $1 + 1) / 2) }
        return x.sliced(from: starts, to: limits, by: starts.map { _ in 1 + below(3) })
    }

    private mutating func padded(_ x: Tensor) -> Tensor {
        x.padded(
            low: x.shape.dimensions.map { _ in below(3) },
            high: x.shape.dimensions.map { _ in below(3) },
            interior: x.shape.dimensions.map { _ in below(3) / 2 })
    }

    private mutating func joined(_ x: Tensor) -> Tensor {
        let axis = below(x.rank)
        let partners = pool.filter {
            $0.rank == x.rank && $0.shape.removing([axis]) == x.shape.removing([axis])
        }
        let others = (0..<below(3)).map { _ in partners.randomElement(using: &random) ?? x }
        return .concatenated(([x] + others).shuffled(using: &random), axis: axis)
    }
}
