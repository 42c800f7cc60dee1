import Philox
import TensorGraph

/// A random graph while it grows: operations are proposed, and kept where their numbers are tame.
struct GraphGrowth {
    var random: RandomStream
    var evaluation: Evaluation
    /// Tensors that further operations may use, with elements of a magnitude up to 4.
    private(set) var pool: [Tensor] = []
    private(set) var variables: [Variable] = []
    let isLarge: Bool
    /// Operations at which growing ends, constants and broadcasts not counted.
    private let size: Int
    private var names = 0

    init(seed: UInt64, isLarge: Bool, clock: RandomClock) {
        random = RandomStream(seed: seed, stream: 0x6772_6170)
        self.isLarge = isLarge
        evaluation = Evaluation(
            clock: clock, largestCount: isLarge ? 150_000 : 1_500,
            largestFlops: isLarge ? 2_000_000 : 40_000)
        size = Int.random(in: isLarge ? 10...20 : 4...45, using: &random)
    }

    mutating func grow() {
        let large: [Shape] = [
            [16, 14, 14, 32], [101, 1000], [100_007], [3, 40_001], [25, 5, 997],
        ]
        if isLarge {
            keep(variable(large[below(large.count)]))
        } else {
            for _ in 0...below(3) { keep(source(randomShape())) }
        }
        for _ in 0..<500 where evaluation.work < size || pool.isEmpty { keep(proposal()) }
    }

    /// Some operation on what is there.
    private mutating func proposal() -> Tensor {
        guard !pool.isEmpty else { return source(randomShape()) }
        switch below(isLarge ? 13 : 20) {
        case 0...2: return unary()
        case 3...6: return binary()
        case 7, 8: return choice()
        case 9, 10: return reduction()
        case 11: return normalisation()
        case 12: return spread()
        case 13: return source(randomShape())
        case 14...16: return layout()
        case 17: return product()
        case 18: return convolution()
        default: return derivative()
        }
    }

    /// Adds a tensor to the pool if its numbers allow, scaled down where they are large.
    private mutating func keep(_ candidate: Tensor) {
        guard evaluation.admit(candidate) else { return }
        let magnitude = evaluation.magnitude(candidate)
        guard magnitude > 4 else { return pool.append(candidate) }
        let scaled = candidate * Tensor(2 / magnitude)
        let tamed = chance(1, of: 2) ? scaled.tanh() : scaled
        if evaluation.admit(tamed) { pool.append(tamed) }
    }

    /// A new input, variable, constant or random tensor of a shape.
    mutating func source(_ shape: Shape) -> Tensor {
        names += 1
        switch below(12) {
        case 0:
            return .constant(numbers(min(shape.count, 64)), [min(shape.count, 64)]).cycled(shape)
        case 1: return .filled(lattice(), shape)
        case 2 where shape.rank > 0:
            let axis = below(shape.rank)
            return .iota(shape, axis: axis) * Tensor(1 / Double(max(shape[axis], 1)))
        case 3: return .randomNormal(shape, stream: UInt32(below(4)))
        case 4: return .randomUniform(shape, stream: UInt32(below(4)))
        case 5: return 2 * .randomUniform(shape, stream: UInt32(below(4))) - 1
        case 6...8: return variable(shape)
        default:
            evaluation.given["x\(names)"] = ReferenceTensor(
                shape: shape, values: numbers(shape.count))
            return .input("x\(names)", shape)
        }
    }

    /// A new variable.
    mutating func variable(_ shape: Shape) -> Tensor {
        names += 1
        let variable = Variable("v\(names)", shape)
        evaluation.given[variable.name] = ReferenceTensor(
            shape: shape, values: numbers(shape.count))
        variables.append(variable)
        return variable.tensor
    }

    /// Up to six tensors of the pool, the last one and the last of the largest among them.
    mutating func chosenOutputs() -> [(name: String, tensor: Tensor)] {
        let most = pool.map(\.shape.count).max()
        let last = [pool[pool.count - 1], pool[pool.lastIndex { $0.shape.count == most }!]]
        let others = (0..<below(5)).map { _ in any() }
        return (last + others).enumerated().map { ("y\($0)", $1) }
    }

    /// New values for up to three variables, in the manner of a gradient step or of an average.
    mutating func chosenUpdates() -> [(variable: Variable, value: Tensor)] {
        variables.shuffled(using: &random).prefix(below(4)).compactMap { variable in
            let old = variable.tensor
            let change = pool.first { $0.shape == variable.shape } ?? any().mean()
            let new = 0.75 * old + 0.25 * change
            return evaluation.admit(new) ? (variable, new) : nil
        }
    }
}
