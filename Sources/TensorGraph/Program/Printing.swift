extension Program: CustomStringConvertible {
    /// One line for each operation: its number, shape, operands and cost.
    public var description: String {
        var lines = instructions.enumerated().map { number, instruction in
            let operands = instruction.operands.map { "%\($0)" }.joined(separator: ", ")
            let settings =
                instruction.operation.attributes.isEmpty
                ? "" : " {\(instruction.operation.attributes)}"
            let cost = cost(of: instruction)
            let price = cost.flops > 0 ? "  // \(cost.flops) FLOP, \(cost.bytes) B" : ""
            return
                "%\(number) = \(instruction.operation.name)(\(operands))\(settings) : "
                + "\(instruction.shape)\(price)"
        }
        lines += assignments.map { "assign \($0.variable.name) = %\($0.instruction)" }
        lines += outputs.map { "return \($0.name) = %\($0.instruction)" }
        return lines.joined(separator: "\n")
    }

    /// The program as a directed graph in Graphviz's language.
    public var graphviz: String {
        var lines = ["digraph program {", "  node [shape=box, fontname=\"Helvetica\"];"]
        for (number, instruction) in instructions.enumerated() {
            let cost = cost(of: instruction)
            let parts = [
                instruction.operation.name, instruction.operation.attributes,
                instruction.shape.description,
                cost.flops > 0 ? "\(cost.flops) FLOP, \(cost.bytes) B" : "",
            ]
            let label = parts.filter { !$0.isEmpty }.joined(separator: "\n")
            lines.append("  n\(number) [label=\(quoted(label))];")
            lines += instruction.operands.map { "  n\($0) -> n\(number);" }
        }
        let results =
            outputs.map { ($0.name, $0.instruction) }
            + assignments.map { ("\($0.variable.name) ←", $0.instruction) }
        for (number, result) in results.enumerated() {
            lines.append("  r\(number) [label=\(quoted(result.0)), shape=ellipse];")
            lines.append("  n\(result.1) -> r\(number);")
        }
        return (lines + ["}"]).joined(separator: "\n")
    }

    private func quoted(_ text: String) -> String {
        let escaped = text.flatMap { character -> String in
            switch character {
            case "\"", "\\": "\\\(character)"
            case "\n": "\\n"
            default: String(character)
            }
        }
        return "\"\(String(escaped))\""
    }
}

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
