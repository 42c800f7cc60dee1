/// Saves one of the matrix products by which a gradient penalty is differentiated.
///
/// Let a network end in w · relu(W·h), with one output. M is the mask of its active units: a row
/// for each sample, with 1 for units whose sum is positive. A penalty on the network's gradient has
/// slopes (derivatives) by w and by W. Both are made of M and of a matrix T, which has a row for
/// each sample too:
///
///     slope by w:  Σᵣ M[r, i] · (T·Wᵀ)[r, i]  =  Σⱼ W[i, j] · H[i, j]
///     slope by W:  ((M ∘ w)ᵀ·T)[i, j]         =  w[i] · H[i, j]            with H = Mᵀ·T
///
/// A program with both slopes computes H once; it does not need the product T·Wᵀ.
extension Program {
    /// The program with one product for each such pair of slopes.
    package func sharingMaskedSums() -> Program {
        let numbers = slopesOfSharedSums
        guard !numbers.isEmpty else { return self }
        var sums: [MaskedSum: Int] = [:]
        return rewritten(by: "sharing of masked sums") { number, instruction, builder in
            guard numbers.contains(number),
                let slope = SlopeOfSum(ofLast: instruction, builder)
                    ?? SlopeOfSum(ofLayerBefore: instruction, builder)
            else { return builder.append(instruction) }
            let sum = sums[slope.sum] ?? builder.append(slope.sum)
            sums[slope.sum] = sum
            return builder.append(slope, of: sum, instruction.shape)
        }.removingDeadCode()
    }

    /// The numbers of the instructions that are computed from a shared H.
    ///
    /// An H is shared where both a slope by w and a slope by W need it. A slope by w counts only
    /// where nothing else reads its product T·Wᵀ or the masked product: these are then left out,
    /// while otherwise they would stay and H would be one product more.
    private var slopesOfSharedSums: Set<Int> {
        var builder = ProgramBuilder()
        var uses = [Int](repeating: 0, count: instructions.count)
        for used in instructions.flatMap(\.operands) + results { uses[used] += 1 }
        var (last, before) = ([Int: MaskedSum](), [Int: MaskedSum]())
        for instruction in instructions {
            let number = builder.append(instruction)
            if let slope = SlopeOfSum(ofLast: instruction, builder) {
                if slope.inner.allSatisfy({ uses[$0] == 1 }) { last[number] = slope.sum }
            } else {
                before[number] = SlopeOfSum(ofLayerBefore: instruction, builder)?.sum
            }
        }
        let shared = Set(last.values).intersection(before.values)
        return Set(last.merging(before) { one, _ in one }.filter { shared.contains($1) }.keys)
    }
}

/// What H is made of: the condition behind the mask M, whether M is zero or one where it holds,
/// and T.
private struct MaskedSum: Hashable {
    let condition: Int
    let isZeroWhereTrue: Bool
    let terms: Int

    init(_ gate: Gate, _ terms: Int) {
        (condition, isZeroWhereTrue) = (gate.condition, gate.isZeroWhereTrue)
        self.terms = terms
    }
}

/// What is left to compute of a slope when its sum is known.
private struct SlopeOfSum {
    let sum: MaskedSum
    /// W or w.
    let weights: Int
    /// A number times which each sample's slope counts, for the last layer; nil for the one before.
    var scale: Double?
    /// The instructions that only this slope needed, and that H replaces.
    var inner: [Int] = []

    /// `cᵀ · select(m, 0, T·Wᵀ)` with a column of equal numbers c.
    init?(ofLast instruction: Program.Instruction, _ builder: ProgramBuilder) {
        guard let (column, masked) = builder.factors(instruction, transposed: (true, false)),
            let scale = builder.splat(column), builder.shape(column)[1] == 1,
            let gate = Gate(masked, builder),
            let (terms, weights) = builder.factors(
                builder.instructions[gate.value], transposed: (false, true))
        else { return nil }
        sum = MaskedSum(gate, terms)
        (self.weights, self.scale, inner) = (weights, scale, [masked, gate.value])
    }

    /// `select(m, 0, w in each row)ᵀ · T`.
    init?(ofLayerBefore instruction: Program.Instruction, _ builder: ProgramBuilder) {
        guard let (masked, terms) = builder.factors(instruction, transposed: (true, false)),
            let gate = Gate(masked, builder),
            (builder.operation(gate.value) as? Broadcast)?.axes == [1]
        else { return nil }
        sum = MaskedSum(gate, terms)
        weights = builder.operands(gate.value)[0]
    }
}

extension ProgramBuilder {
    fileprivate func factors(
        _ instruction: Program.Instruction, transposed: (first: Bool, second: Bool)
    ) -> (first: Int, second: Int)? {
        guard let product = instruction.operation as? MatrixProduct,
            product.transposeFirst == transposed.first,
            product.transposeSecond == transposed.second, instruction.shape.rank == 2
        else { return nil }
        return (instruction.operands[0], instruction.operands[1])
    }

    fileprivate mutating func append(_ sum: MaskedSum) -> Int {
        let shape = shape(sum.condition)
        let (zero, one) = (fill(0, shape), fill(1, shape))
        let mask = append(
            Select(), [sum.condition] + (sum.isZeroWhereTrue ? [zero, one] : [one, zero]))
        return append(MatrixProduct(transposeFirst: true), [mask, sum.terms])
    }

    fileprivate mutating func append(_ slope: SlopeOfSum, of sum: Int, _ shape: Shape) -> Int {
        guard let scale = slope.scale else {
            let last = append(Broadcast(target: shape, axes: [0]), [slope.weights])
            return append(Binary.multiply, [last, sum])
        }
        let products = append(Binary.multiply, [slope.weights, sum])
        let row = append(
            ChangeShape(target: shape), [append(Reduce(.sum, axes: [1]), [products])])
        return scale == 1 ? row : append(Binary.multiply, [fill(scale, shape), row])
    }
}
