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
