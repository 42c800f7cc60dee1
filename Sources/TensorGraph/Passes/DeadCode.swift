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
