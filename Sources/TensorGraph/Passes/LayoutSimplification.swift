/// Identities of operations that move elements without computing.
enum LayoutSimplification {
    static func simplify(
        _ instruction: Program.Instruction, _ builder: inout ProgramBuilder
    ) -> Int? {
        switch instruction.operation {
        case is ChangeShape: reshape(instruction, &builder)
        case let transpose as Transpose: merged(transpose, instruction, &builder)
        case let broadcast as Broadcast: merged(broadcast, instruction, &builder)
        case let reduce as Reduce: reduced(reduce, instruction, &builder)
        case is Slice, is Pad:
            instruction.shape == builder.shape(instruction.operands[0])
                ? instruction.operands[0] : nil
        case is Concatenate: instruction.operands.count == 1 ? instruction.operands[0] : nil
        default: nil
        }
    }

    private static func reshape(
        _ instruction: Program.Instruction, _ builder: inout ProgramBuilder
    ) -> Int? {
        let operand = instruction.operands[0]
        if builder.shape(operand) == instruction.shape { return operand }
        if let value = builder.splat(operand) { return builder.fill(value, instruction.shape) }
        guard builder.operation(operand) is ChangeShape else { return nil }
        let source = builder.operands(operand)[0]
        if builder.shape(source) == instruction.shape { return source }
        return builder.append(ChangeShape(target: instruction.shape), [source])
    }

    private static func merged(
        _ transpose: Transpose, _ instruction: Program.Instruction, _ builder: inout ProgramBuilder
    ) -> Int? {
        let operand = instruction.operands[0]
        if transpose.permutation == Array(transpose.permutation.indices) { return operand }
        if let value = builder.splat(operand) { return builder.fill(value, instruction.shape) }
        if let inner = builder.operation(operand) as? Transpose {
            let source = builder.operands(operand)[0]
            let permutation = transpose.permutation.map { inner.permutation[$0] }
            if permutation == Array(permutation.indices) { return source }
            return builder.append(Transpose(permutation: permutation), [source])
        }
        // Moving only axes of extent 1 does not move elements.
        let shape = builder.shape(operand)
        let moved = transpose.permutation.filter { shape[$0] != 1 }
        guard moved == moved.sorted() else { return nil }
        return builder.append(ChangeShape(target: instruction.shape), [operand])
    }

    private static func merged(
        _ broadcast: Broadcast, _ instruction: Program.Instruction, _ builder: inout ProgramBuilder
    ) -> Int? {
        let operand = instruction.operands[0]
        if builder.shape(operand) == instruction.shape { return operand }
        if builder.operation(operand) is Constant, builder.shape(operand) != [],
            let value = builder.splat(operand)
        {
            return builder.fill(value, instruction.shape)
        }
        guard let inner = builder.operation(operand) as? Broadcast else { return nil }
        let axes = inner.axes.map { broadcast.axes[$0] }
        return builder.append(
            Broadcast(target: broadcast.target, axes: axes), [builder.operands(operand)[0]])
    }

    private static func reduced(
        _ reduce: Reduce, _ instruction: Program.Instruction, _ builder: inout ProgramBuilder
    ) -> Int? {
        let operand = instruction.operands[0]
        let shape = builder.shape(operand)
        if reduce.axes.isEmpty { return operand }
        if reduce.axes.allSatisfy({ shape[$0] == 1 }) {
            return builder.append(ChangeShape(target: instruction.shape), [operand])
        }
        if let value = builder.splat(operand) {
            let repeats = reduce.axes.map { shape[$0] }.reduce(1, *)
            return builder.fill(
                reduce.reduction == .sum ? value * Double(repeats) : value, instruction.shape)
        }
        guard reduce.reduction == .sum,
            let inner = builder.operation(operand) as? Reduce, inner.reduction == .sum
        else { return nil }
        let source = builder.operands(operand)[0]
        let kept = builder.shape(source).dimensions.indices.filter { !inner.axes.contains($0) }
        return builder.append(
            Reduce(.sum, axes: inner.axes + reduce.axes.map { kept[$0] }), [source])
    }
}
