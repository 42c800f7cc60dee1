/// Where instructions can be looked up that are being rewritten or planned.
package protocol InstructionLookup {
    func operation(_ number: Int) -> any Operation
    func operands(_ number: Int) -> [Int]
    /// Whether a result is known to be zero everywhere.
    func isZero(_ number: Int) -> Bool
}

/// A choice between a value and zero: `select(m, 0, x)` or `select(m, x, 0)`, as rectifiers and
/// their derivatives are.
package struct Gate {
    /// m
    package let condition: Int
    package let isZeroWhereTrue: Bool
    /// x
    package let value: Int

    /// Nil where the instruction is no such choice.
    package init?(_ number: Int, _ instructions: some InstructionLookup) {
        guard instructions.operation(number) is Select else { return nil }
        let operands = instructions.operands(number)
        condition = operands[0]
        isZeroWhereTrue = instructions.isZero(operands[1])
        guard isZeroWhereTrue || instructions.isZero(operands[2]) else { return nil }
        value = isZeroWhereTrue ? operands[2] : operands[1]
    }
}

extension ProgramBuilder: InstructionLookup {
    package func isZero(_ number: Int) -> Bool { splat(number) == 0 }
}
