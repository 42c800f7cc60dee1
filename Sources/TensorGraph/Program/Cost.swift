/// What an operation or a program costs by arithmetic alone.
public struct Cost: Hashable, Sendable {
    /// Floating-point operations.
    public var flops = 0
    /// Bytes read and written in float32 if every operand and result went to memory once.
    public var bytes = 0

    /// A cost of so many operations and bytes.
    public init(flops: Int = 0, bytes: Int = 0) {
        self.flops = flops
        self.bytes = bytes
    }
}

extension Program {
    /// The cost of one instruction; layout changes move bytes and compute nothing.
    package func cost(of instruction: Instruction) -> Cost {
        let operands = instruction.operands.map { instructions[$0].shape }
        let elements = operands.map(\.count).reduce(instruction.shape.count, +)
        return Cost(
            flops: instruction.operation.flops(operands, output: instruction.shape),
            bytes: instruction.operands.isEmpty ? 0 : 4 * elements)
    }

    /// The sum over all operations.
    public var cost: Cost {
        instructions.reduce(into: Cost()) { sum, instruction in
            let cost = cost(of: instruction)
            sum.flops += cost.flops
            sum.bytes += cost.bytes
        }
    }
}
