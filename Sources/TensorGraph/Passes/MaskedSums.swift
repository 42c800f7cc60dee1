/// One product for two slopes of a gradient penalty.
///
/// Behind the last rectifier of a network with one output, w · relu(W·h), stand a mask M of active
/// units, and in the slopes of a penalty on ∇f a matrix T with one row for each sample:
///
///     slope by w:  Σᵣ M[r, i] · (T·Wᵀ)[r, i]  =  Σⱼ W[i, j] · H[i, j]
///     slope by W:  ((M ∘ w)ᵀ·T)[i, j]         =  w[i] · H[i, j]            with H = Mᵀ·T
///
/// Where a program has both, the product T·Wᵀ is not needed.
struct MaskedSums {
    /// What H is made of: where the mask is zero, and T.
    private struct Factors: Hashable {
        let condition: Int
        let isZeroWhereTrue: Bool
        let terms: Int
    }

    private struct SlopeOfLast {
        let factors: Factors
        let weights: Int
        let scale: Double
    }

    private struct SlopeBefore {
        let factors: Factors
        let last: Int
    }

    private let program: Program
    /// The program as it was, to look things up in.
    private var before = ProgramBuilder()
    private var slopesOfLast: [Int: SlopeOfLast] = [:]
    private var slopesBefore: [Int: SlopeBefore] = [:]
    private var builder = ProgramBuilder()
    private var renamed: [Int] = []
    private var sums: [Factors: Int] = [:]

    init(_ program: Program) {
        self.program = program
        for instruction in program.instructions { _ = before.append(instruction) }
        var uses = [Int](repeating: 0, count: program.instructions.count)
        for used in program.instructions.flatMap(\.operands) + program.results { uses[used] += 1 }
        for number in program.instructions.indices {
            slopesOfLast[number] = slopeOfLast(number, uses)
            slopesBefore[number] = slopeBefore(number)
        }
        let shared = Set(slopesOfLast.values.map(\.factors))
            .intersection(slopesBefore.values.map(\.factors))
        slopesOfLast = slopesOfLast.filter { shared.contains($1.factors) }
        slopesBefore = slopesBefore.filter { shared.contains($1.factors) }
    }

    /// The program with shared products.
    mutating func rewritten() -> Program {
        guard !slopesOfLast.isEmpty else { return program }
        for (number, var instruction) in program.instructions.enumerated() {
            instruction.operands = instruction.operands.map { renamed[$0] }
            renamed.append(
                slopesOfLast[number].map { sharedSlope($0, instruction.shape) }
                    ?? slopesBefore[number].map { sharedSlope($0, instruction.shape) }
                    ?? builder.append(instruction))
        }
        var result = program
        result.instructions = builder.instructions
        result.renumberResults(renamed)
        return result.verified(after: "\(Self.self)").removingDeadCode()
    }

    /// `cᵀ · select(m, 0, T·Wᵀ)` with a column of equal numbers c, if nothing else needs the product.
    private func slopeOfLast(_ number: Int, _ uses: [Int]) -> SlopeOfLast? {
        guard let (column, masked) = factors(number, transposed: (true, false)),
            let scale = before.splat(column), before.shape(column)[1] == 1, uses[masked] == 1,
            let (condition, isZeroWhereTrue, product) = mask(masked), uses[product] == 1,
            let (terms, weights) = factors(product, transposed: (false, true))
        else { return nil }
        return SlopeOfLast(
            factors: Factors(
                condition: condition, isZeroWhereTrue: isZeroWhereTrue, terms: terms),
            weights: weights, scale: scale)
    }

    /// `select(m, 0, w in each row)ᵀ · T`.
    private func slopeBefore(_ number: Int) -> SlopeBefore? {
        guard let (masked, terms) = factors(number, transposed: (true, false)),
            let (condition, isZeroWhereTrue, rows) = mask(masked),
            (before.operation(rows) as? Broadcast)?.axes == [1]
        else { return nil }
        return SlopeBefore(
            factors: Factors(
                condition: condition, isZeroWhereTrue: isZeroWhereTrue, terms: terms),
            last: before.operands(rows)[0])
    }

    private func factors(
        _ number: Int, transposed: (first: Bool, second: Bool)
    ) -> (first: Int, second: Int)? {
        guard let product = before.operation(number) as? MatrixProduct,
            product.transposeFirst == transposed.first,
            product.transposeSecond == transposed.second, before.shape(number).rank == 2
        else { return nil }
        return (before.operands(number)[0], before.operands(number)[1])
    }

    private func mask(
        _ number: Int
    ) -> (condition: Int, isZeroWhereTrue: Bool, value: Int)? {
        guard before.operation(number) is Select else { return nil }
        let operands = before.operands(number)
        if before.splat(operands[1]) == 0 { return (operands[0], true, operands[2]) }
        if before.splat(operands[2]) == 0 { return (operands[0], false, operands[1]) }
        return nil
    }

    private mutating func sharedSlope(_ slope: SlopeOfLast, _ shape: Shape) -> Int {
        let sum = sum(slope.factors)
        let products = builder.append(Binary.multiply, [renamed[slope.weights], sum])
        let sums = builder.append(Reduce(.sum, axes: [1]), [products])
        let row = builder.append(Reshape(target: shape), [sums])
        guard slope.scale != 1 else { return row }
        return builder.append(Binary.multiply, [builder.fill(slope.scale, shape), row])
    }

    private mutating func sharedSlope(_ slope: SlopeBefore, _ shape: Shape) -> Int {
        let sum = sum(slope.factors)
        let last = builder.append(Broadcast(target: shape, axes: [0]), [renamed[slope.last]])
        return builder.append(Binary.multiply, [last, sum])
    }

    /// H, made once.
    private mutating func sum(_ factors: Factors) -> Int {
        if let known = sums[factors] { return known }
        let condition = renamed[factors.condition]
        let (zero, one) = (
            builder.fill(0, builder.shape(condition)), builder.fill(1, builder.shape(condition))
        )
        let mask = builder.append(
            Select(), [condition] + (factors.isZeroWhereTrue ? [zero, one] : [one, zero]))
        let sum = builder.append(
            MatrixProduct(transposeFirst: true), [mask, renamed[factors.terms]])
        sums[factors] = sum
        return sum
    }
}
