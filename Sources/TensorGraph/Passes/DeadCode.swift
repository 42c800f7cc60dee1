extension Program {
    /// The program without instructions that no output and no assignment depends on.
    package func removingDeadCode() -> Program {
        var isLive = [Bool](repeating: false, count: instructions.count)
        for result in results {
            isLive[result] = true
        }
        for number in instructions.indices.reversed() where isLive[number] {
            for operand in instructions[number].operands { isLive[operand] = true }
        }
        var renamed = [Int](repeating: -1, count: instructions.count)
        var result = self
        result.instructions = []
        for (number, var instruction) in instructions.enumerated() where isLive[number] {
            instruction.operands = instruction.operands.map { renamed[$0] }
            renamed[number] = result.instructions.count
            result.instructions.append(instruction)
        }
        result.renumberResults(renamed)
        return result.verified(after: "dead-code elimination")
    }
}

/// Computes once what several instructions compute alike.
///
/// Random numbers count: two draws of one stream are the same numbers.
package struct CommonSubexpressions: Pass {
    package init() {}

    package func rewrite(_ instruction: Program.Instruction, _ builder: inout ProgramBuilder) -> Int
    {
        var instruction = instruction
        if let binary = instruction.operation as? Binary, binary.isCommutative {
            instruction.operands.sort()
        }
        return builder.sharedNumber(of: instruction)
    }
}

extension ProgramBuilder {
    /// The number of an equal earlier instruction, or of this one, appended.
    fileprivate mutating func sharedNumber(of instruction: Program.Instruction) -> Int {
        let key = InstructionKey(instruction)
        if let number = known[key] { return number }
        let number = append(instruction)
        known[key] = number
        return number
    }
}

/// What makes two instructions the same.
package struct InstructionKey: Hashable {
    let operation: AnyHashable
    let operands: [Int]

    init(_ instruction: Program.Instruction) {
        operation = AnyHashable(instruction.operation)
        operands = instruction.operands
    }
}
