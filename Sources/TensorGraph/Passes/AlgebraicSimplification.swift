/// Local identities: neutral elements, inverse pairs, merged layout changes.
///
/// As usual in compilers for learning, `x · 0` becomes 0 even though it would be NaN for an infinite
/// x: what does not influence a result does not poison it.
package struct AlgebraicSimplification: Pass {
    package init() {}

    package func rewrite(_ instruction: Program.Instruction, _ builder: inout ProgramBuilder) -> Int
    {
        let replacement: Int? =
            switch instruction.operation {
            case let unary as Unary: simplify(unary, instruction, &builder)
            case let binary as Binary: simplify(binary, instruction, &builder)
            case let product as MatrixProduct: absorbTransposes(product, instruction, &builder)
            case is Select: simplifySelect(instruction, builder)
            case is StopGradient: instruction.operands[0]
            default: LayoutSimplification.simplify(instruction, &builder)
            }
        return replacement ?? builder.append(instruction)
    }

    private func simplify(
        _ unary: Unary, _ instruction: Program.Instruction, _ builder: inout ProgramBuilder
    ) -> Int? {
        let operand = instruction.operands[0]
        if unary == .negate, builder.operation(operand) as? Unary == .negate {
            return builder.operands(operand)[0]
        }
        return nil
    }

    private func simplify(
        _ binary: Binary, _ instruction: Program.Instruction, _ builder: inout ProgramBuilder
    ) -> Int? {
        let (a, b) = (instruction.operands[0], instruction.operands[1])
        let (first, second) = (builder.splat(a), builder.splat(b))
        switch binary {
        case .add:
            if first == 0 { return b }
            if second == 0 { return a }
            return subtractionOfNegation(a, b, &builder)
        case .subtract:
            if second == 0 { return a }
            if first == 0 { return builder.append(Unary.negate, [b]) }
            if builder.operation(b) as? Unary == .negate {
                return builder.append(Binary.add, [a, builder.operands(b)[0]])
            }
        case .multiply:
            if first == 1 { return b }
            if second == 1 { return a }
            if first == 0 || second == 0 { return builder.fill(0, instruction.shape) }
            if first == -1 { return builder.append(Unary.negate, [b]) }
            if second == -1 { return builder.append(Unary.negate, [a]) }
            return mergedFactor(a, b, first, second, &builder)
        case .divide:
            if second == 1 { return a }
            if first == 0 { return builder.fill(0, instruction.shape) }
        case .maximum, .minimum:
            if a == b { return a }
        }
        return nil
    }

    /// a + (−b) is a − b.
    private func subtractionOfNegation(_ a: Int, _ b: Int, _ builder: inout ProgramBuilder) -> Int?
    {
        if builder.operation(b) as? Unary == .negate {
            return builder.append(Binary.subtract, [a, builder.operands(b)[0]])
        }
        if builder.operation(a) as? Unary == .negate {
            return builder.append(Binary.subtract, [b, builder.operands(a)[0]])
        }
        return nil
    }

    /// c · (d · x) is (c · d) · x for numbers c and d.
    private func mergedFactor(
        _ a: Int, _ b: Int, _ first: Double?, _ second: Double?, _ builder: inout ProgramBuilder
    ) -> Int? {
        guard let factor = first ?? second else { return nil }
        let other = first == nil ? a : b
        guard builder.operation(other) as? Binary == .multiply else { return nil }
        let inner = builder.operands(other)
        for (number, rest) in [(inner[0], inner[1]), (inner[1], inner[0])] {
            guard let known = builder.splat(number) else { continue }
            let product = builder.fill(factor * known, builder.shape(rest))
            return builder.append(Binary.multiply, [product, rest])
        }
        return nil
    }

    private func simplifySelect(
        _ instruction: Program.Instruction, _ builder: ProgramBuilder
    ) -> Int? {
        let operands = instruction.operands
        if operands[1] == operands[2] { return operands[1] }
        guard let condition = builder.splat(operands[0]) else { return nil }
        return condition != 0 ? operands[1] : operands[2]
    }

    /// A transposed factor is read transposed instead of being written out.
    private func absorbTransposes(
        _ product: MatrixProduct, _ instruction: Program.Instruction,
        _ builder: inout ProgramBuilder
    ) -> Int? {
        let (first, firstAbsorbed) = transposeSource(instruction.operands[0], builder)
        let (second, secondAbsorbed) = transposeSource(instruction.operands[1], builder)
        guard firstAbsorbed || secondAbsorbed else { return nil }
        return builder.append(
            MatrixProduct(
                transposeFirst: product.transposeFirst != firstAbsorbed,
                transposeSecond: product.transposeSecond != secondAbsorbed),
            [first, second])
    }

    private func transposeSource(_ number: Int, _ builder: ProgramBuilder) -> (Int, Bool) {
        guard let transpose = builder.operation(number) as? Transpose else {
            return (number, false)
        }
        let rank = transpose.permutation.count
        let swapsLastTwo = Array(0..<rank - 2) + [rank - 1, rank - 2]
        return transpose.permutation == swapsLastTwo
            ? (builder.operands(number)[0], true) : (number, false)
    }
}
