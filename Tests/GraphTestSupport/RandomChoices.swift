import Philox
import TensorGraph

/// The random decisions that proposals are made of.
extension GraphGrowth {
    /// A whole number 0 ≤ n < `bound`.
    mutating func below(_ bound: Int) -> Int { Int.random(in: 0..<bound, using: &random) }

    /// True `count` times in `total`.
    mutating func chance(_ count: Int, of total: Int) -> Bool { below(total) < count }

    /// A tensor of the pool, rather one of the youngest.
    mutating func any() -> Tensor {
        pool[chance(1, of: 2) ? pool.count - 1 - below(min(pool.count, 3)) : below(pool.count)]
    }

    /// A tensor of the pool with at least `rank` axes, or a new one.
    mutating func any(rank: Int) -> Tensor {
        pool.filter { $0.rank >= rank }.randomElement(using: &random)
            ?? source(Shape(randomShape().dimensions + (0..<rank).map { _ in 1 + below(4) }))
    }

    /// Up to three axes of up to 1,000 elements together.
    mutating func randomShape() -> Shape {
        var extents: [Int] = []
        for _ in 0..<below(4) {
            let extent = [1, 1, 2, 2, 3, 3, 7, 16, 17, 33, 100][below(11)]
            extents.append(extents.reduce(extent, *) <= 1000 ? extent : 2)
        }
        return Shape(extents)
    }

    /// Some of the axes of a tensor: leading, trailing, one in the middle or any.
    mutating func someAxes(of rank: Int) -> [Int] {
        guard rank > 0 else { return [] }
        switch below(4) {
        case 0: return Array(0...below(rank))
        case 1: return Array(below(rank)..<rank)
        case 2: return [below(rank)]
        default: return (0..<rank).filter { _ in chance(1, of: 2) }
        }
    }

    /// A shape that broadcasts to `shape`: some extents 1, perhaps leading axes missing.
    mutating func narrower(than shape: Shape) -> Shape {
        let extents = shape.dimensions.map { chance(1, of: 3) ? 1 : $0 }
        return Shape(Array(extents.dropFirst(chance(1, of: 3) ? below(shape.rank + 1) : 0)))
    }

    /// An odd multiple of 1/8 in −3…3: away from zero, and equal or well apart from any other.
    mutating func lattice() -> Double {
        Double(2 * Int.random(in: -12..<12, using: &random) + 1) / 8
    }

    /// Elements of an input, all on the lattice or all anywhere between −2 and 2.
    mutating func numbers(_ count: Int) -> [Double] {
        let isLattice = chance(1, of: 2)
        return (0..<count).map { _ in
            // Exact in float32, so that every executor starts with the same numbers.
            isLattice ? lattice() : Double(random.nextUniform()) * 4 - 2
        }
    }
}

extension Tensor {
    /// A row of numbers repeated along new leading axes and cut, to fill `shape`.
    func cycled(_ shape: Shape) -> Tensor {
        let rows = (shape.count + self.shape.count - 1) / self.shape.count
        return broadcast(to: [rows, self.shape.count]).reshaped([rows * self.shape.count])
            .sliced(axis: 0, 0..<shape.count).reshaped(shape)
    }
}
