/// Local identities: neutral elements, inverse pairs, merged layout changes.
///
/// As usual in compilers for learning, `x · 0` becomes 0 even though it would be NaN for an
/// infinite x: what does not influence a result does not poison it.
package struct AlgebraicSimplification: Pass {
    package init() {}

    package func rewrite(_ instruction: Program.Instruction, _ builder: inout ProgramBuilder) -> Int
    {
        let replacement: Int? =
            switch instruction.operation {
            case let unary as Unary: simplify(unary, instruction, &builder)
            case let binary as Binary: simplify(binary, instruction, &builder)
            case let product as MatrixProduct:
                outerProduct(product, instruction, &builder)
                    ?? absorbTransposes(product, instruction, &builder)
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
                ?? joinedBranches(a, b, &builder) ?? joinedBranches(b, a, &builder)
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

    /// The two halves of a choice, as the derivative of a LeakyReLU has them: `select(m, x, 0) +
    /// c · select(m, 0, y)` is `select(m, x, c · y)` for a number c.
    private func joinedBranches(_ a: Int, _ b: Int, _ builder: inout ProgramBuilder) -> Int? {
        guard let gate = Gate(a, builder), !gate.isZeroWhereTrue,
            builder.operation(b) as? Binary == .multiply
        else { return nil }
        let factors = builder.operands(b)
        for (factor, other) in [(factors[0], factors[1]), (factors[1], factors[0])] {
            guard builder.splat(factor) != nil, let complement = Gate(other, builder),
                complement.isZeroWhereTrue, complement.condition == gate.condition
            else { continue }
            let scaled = builder.append(Binary.multiply, [factor, complement.value])
            return builder.append(Select(), [gate.condition, gate.value, scaled])
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

    /// A product of a column and a row is one of numbers, which can be a part of a longer chain.
    private func outerProduct(
        _ product: MatrixProduct, _ instruction: Program.Instruction,
        _ builder: inout ProgramBuilder
    ) -> Int? {
        let (column, row) = (instruction.operands[0], instruction.operands[1])
        let extents = product.extents(builder.shape(column), builder.shape(row))
        guard instruction.shape.rank == 2, extents.k == 1 else { return nil }
        let repeated = { (number: Int, count: Int, axis: Int, builder: inout ProgramBuilder) in
            let vector = builder.append(ChangeShape(target: [count]), [number])
            return builder.append(
                Broadcast(target: instruction.shape, axes: [axis]), [vector])
        }
        return builder.append(
            Binary.multiply,
            [
                repeated(column, extents.m, 0, &builder), repeated(row, extents.n, 1, &builder),
            ])
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

/// Replaces small operations on constants by their results.
package struct ConstantFolding: Pass {
    /// Larger results are left to the executor, so that a program does not grow.
    private static let largestResult = 1024

    package init() {}

    package func rewrite(_ instruction: Program.Instruction, _ builder: inout ProgramBuilder) -> Int
    {
        if instruction.operation.isPure, !(instruction.operation is Constant),
            let value = value(of: instruction, builder)
        {
            return builder.append(Constant(value), [])
        }
        return overSplats(instruction, &builder) ?? builder.append(instruction)
    }

    private func value(
        of instruction: Program.Instruction, _ builder: ProgramBuilder
    ) -> ReferenceTensor? {
        guard instruction.shape.count <= Self.largestResult else { return nil }
        // A repeated scalar is cheaper than the numbers written out.
        if instruction.operation is Broadcast || instruction.operation is Iota { return nil }
        // Only what joins constants has a use for one that is the same everywhere.
        let isJoining = instruction.operation is Pad || instruction.operation is Concatenate
        var operands: [ReferenceTensor] = []
        for operand in instruction.operands {
            if let constant = builder.operation(operand) as? Constant {
                operands.append(constant.value)
            } else if isJoining, let splat = builder.splat(operand) {
                operands.append(ReferenceTensor(builder.shape(operand)) { _ in splat })
            } else {
                return nil
            }
        }
        return instruction.operation.evaluate(operands, RandomClock())
    }

    /// An element-wise operation on values that are the same everywhere gives such a value.
    private func overSplats(
        _ instruction: Program.Instruction, _ builder: inout ProgramBuilder
    ) -> Int? {
        let operation = instruction.operation
        guard
            operation is Unary || operation is Binary || operation is Compare || operation is Select
        else { return nil }
        var operands: [ReferenceTensor] = []
        for operand in instruction.operands {
            guard let value = builder.splat(operand) else { return nil }
            operands.append(ReferenceTensor(shape: [], values: [value]))
        }
        let value = operation.evaluate(operands, RandomClock()).values[0]
        return builder.fill(value, instruction.shape)
    }
}
