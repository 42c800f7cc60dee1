/// Where infinite or undefined numbers came up in a run of a program.
package struct NonFiniteOrigin: Hashable, Sendable {
    /// A value that went into the operation.
    package struct Operand: Hashable, Sendable {
        /// How a printed program names it, with what it is: `%12 = maximum`.
        package let name: String
        package let shape: Shape
        /// The largest magnitude among its numbers, which are all finite.
        package let largest: Float
    }

    /// The operation of which the value is the result, as a printed program names it.
    package let operation: String
    package let shape: Shape
    /// How many of its numbers are not finite.
    package let count: Int
    package let operands: [Operand]
    /// The program's outputs and variables that it reached, in their order.
    package let reached: [String]
}

extension Program {
    /// The same program with every value among its outputs, for ``nonFiniteOrigin(_:)``.
    package var exposingValues: Program {
        var result = self
        let results = instructions.indices.map {
            Result(name: Self.name(ofValue: $0), instruction: $0)
        }
        result.outputs += results
        return result
    }

    /// The first value, in the order of the operations, that is not finite though everything it
    /// was made of is, and that made a result so: a value that a selection discards does not count.
    ///
    /// - Parameter executable: ``exposingValues``, compiled and run.
    /// - Returns: nil where all results are finite.
    package func nonFiniteOrigin(_ executable: any Executable) -> NonFiniteOrigin? {
        let values = { (index: Int) in executable.output(Self.name(ofValue: index)) }
        let isBad = instructions.indices.map { !values($0).allSatisfy(\.isFinite) }
        var isOnPath = [Bool](repeating: false, count: instructions.count)
        for index in results where isBad[index] { isOnPath[index] = true }
        for index in instructions.indices.reversed() where isOnPath[index] {
            for operand in instructions[index].operands where isBad[operand] {
                isOnPath[operand] = true
            }
        }
        // The first on the path can have no operand on it.
        guard let origin = isOnPath.firstIndex(of: true) else { return nil }
        let instruction = instructions[origin]
        return NonFiniteOrigin(
            operation: name(of: origin), shape: instruction.shape,
            count: values(origin).count { !$0.isFinite },
            operands: instruction.operands.map { operand in
                NonFiniteOrigin.Operand(
                    name: name(of: operand), shape: instructions[operand].shape,
                    largest: values(operand).reduce(0) { max($0, abs($1)) })
            },
            reached: outputs.filter { isOnPath[$0.instruction] }.map(\.name)
                + assignments.filter { isOnPath[$0.instruction] }.map(\.variable.name))
    }

    /// `%12 = dot_general`, or with the variable or input that it reads.
    private func name(of index: Int) -> String {
        let operation = instructions[index].operation
        let detail =
            switch operation {
            case let read as VariableRead: " \(read.variable.name)"
            case let input as Input: " \(input.label)"
            default: ""
            }
        return "%\(index) = \(operation.name)\(detail)"
    }

    private static func name(ofValue index: Int) -> String { "value %\(index)" }
}
