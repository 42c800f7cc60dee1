import Philox
import TensorGraph

/// Operations that combine elements along axes.
extension GraphGrowth {
    mutating func reduction() -> Tensor {
        let x = any()
        let axes = someAxes(of: x.rank)
        let count = axes.map { x.shape[$0] }.reduce(1, *)
        switch below(4) {
        case 0: return x.max(along: axes)
        case 1 where count <= 100: return x.sum(along: axes)
        case 2: return (x * Tensor(1 / Double(max(count, 1)))).sum(along: axes)
        default: return x.mean(along: axes)
        }
    }

    /// A reduction that is broadcast back, as in normalisation layers and in softmax.
    mutating func normalisation() -> Tensor {
        let x = any(rank: 1)
        let axes = someAxes(of: x.rank)
        let kept = Shape(x.shape.dimensions.indices.map { axes.contains($0) ? 1 : x.shape[$0] })
        let mean = { (t: Tensor) in t.mean(along: axes).reshaped(kept) }
        switch below(3) {
        case 0:
            let centred = x - mean(x)
            let normal = centred / (mean(centred * centred) + 0.25).sqrt()
            return normal * variable([x.shape[x.rank - 1]]) + variable([x.shape[x.rank - 1]])
        case 1:
            let weights = (0.5 * (x - x.max(along: axes).reshaped(kept))).exp()
            return weights / weights.sum(along: axes).reshaped(kept)
        default: return x * mean(x) - mean(x * x)
        }
    }

    /// The gradient of some scalar with respect to something that it may depend on.
    mutating func derivative() -> Tensor {
        let (output, input) = (any(), pool[below(pool.count)])
        return gradients(of: (output * output).mean(), withRespectTo: [input])[0]
    }
}
