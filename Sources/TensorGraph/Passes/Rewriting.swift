/// A transformation of programs that keeps their meaning.
package protocol Pass: Sendable {
    /// What the pass does with the instruction, whose operands are already rewritten.
    func rewrite(_ instruction: Program.Instruction, _ builder: inout ProgramBuilder) -> Int
}

/// The new program that a pass is writing.
package struct ProgramBuilder {
    package private(set) var instructions: [Program.Instruction] = []
    /// Instructions by what they compute, for a pass that shares them.
    var known: [InstructionKey: Int] = [:]

    /// Appends an instruction and gives its number.
    package mutating func append(_ instruction: Program.Instruction) -> Int {
        instructions.append(instruction)
        return instructions.count - 1
    }

    /// Appends an operation on earlier instructions and gives its number.
    package mutating func append(_ operation: any Operation, _ operands: [Int]) -> Int {
        do {
            let shape = try operation.shape(operands.map { instructions[$0].shape })
            return append(.init(operation: operation, operands: operands, shape: shape))
        } catch { preconditionFailure("a pass made a bad \(operation.name): \(error)") }
    }

    package func shape(_ number: Int) -> Shape { instructions[number].shape }
    package func operation(_ number: Int) -> any Operation { instructions[number].operation }
    package func operands(_ number: Int) -> [Int] { instructions[number].operands }

    /// The number that fills the whole value, where it is known to be the same everywhere.
    package func splat(_ number: Int) -> Double? {
        let instruction = instructions[number]
        if let constant = instruction.operation as? Constant {
            guard let first = constant.value.values.first else { return nil }
            let isUniform = constant.value.values.allSatisfy { $0.bitPattern == first.bitPattern }
            return isUniform ? first : nil
        }
        let passesThrough =
            instruction.operation is Broadcast || instruction.operation is ChangeShape
        return passesThrough ? splat(instruction.operands[0]) : nil
    }

    /// A value with the same number everywhere.
    package mutating func fill(_ value: Double, _ shape: Shape) -> Int {
        let scalar = append(Constant(ReferenceTensor(shape: [], values: [value])), [])
        return shape == [] ? scalar : append(Broadcast(target: shape, axes: []), [scalar])
    }
}

extension Program {
    /// The program that `pass` makes of this one.
    package func applying(_ pass: some Pass) -> Program {
        rewritten(by: "\(type(of: pass))") { pass.rewrite($1, &$2) }
    }

    /// The program in which `rewrite` has put something in the place of each instruction.
    ///
    /// - Parameter rewrite: Gets an instruction's number in this program, and the instruction with
    ///   its operands already rewritten.
    func rewritten(
        by name: String, _ rewrite: (Int, Instruction, inout ProgramBuilder) -> Int
    ) -> Program {
        var builder = ProgramBuilder()
        var renamed: [Int] = []
        for (number, var instruction) in instructions.enumerated() {
            instruction.operands = instruction.operands.map { renamed[$0] }
            renamed.append(rewrite(number, instruction, &builder))
        }
        var result = self
        result.instructions = builder.instructions
        result.renumberResults(renamed)
        return result.verified(after: name)
    }

    /// All passes, repeated until they change nothing, then products shared.
    package func simplified() -> Program {
        var current = verified(after: "tracing").removingDeadCode()
        while true {
            let next =
                current.applying(ConstantFolding()).applying(AlgebraicSimplification())
                .applying(CommonSubexpressions()).removingDeadCode()
            if next.computes(as: current) { return next.sharingMaskedSums() }
            current = next
        }
    }

    /// Whether both programs consist of the same operations in the same order.
    private func computes(as other: Program) -> Bool {
        instructions.count == other.instructions.count
            && zip(instructions, other.instructions).allSatisfy {
                InstructionKey($0) == InstructionKey($1)
            }
    }
}

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
