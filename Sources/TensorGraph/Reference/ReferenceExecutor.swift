/// Runs programs plainly, in double precision: the living definition of every operation.
///
/// Slow on purpose; every other executor is tested against it.
public final class ReferenceExecutor {
    /// The variables' present values.
    public var variables: [String: ReferenceTensor]

    /// An executor whose variables have the given values.
    public init(variables: [String: ReferenceTensor] = [:]) { self.variables = variables }

    /// Runs `program` once and gives its outputs by name.
    ///
    /// - Throws: ``ExecutionError`` where an input or a variable is missing or has another shape.
    public func run(
        _ program: Program, inputs: [String: ReferenceTensor] = [:],
        clock: RandomClock = RandomClock()
    ) throws(ExecutionError) -> [String: ReferenceTensor] {
        // By instruction, for each shard.
        var values: [[ReferenceTensor]] = []
        for instruction in program.instructions {
            let shards = (0..<program.shards).map { shard in
                instruction.operands.map { values[$0][shard] }
            }
            if let collective = instruction.operation as? any Collective {
                let met = collective.evaluate(shards: shards.map { $0[0] })
                values.append(Array(repeating: met, count: program.shards))
                continue
            }
            var results: [ReferenceTensor] = []
            for (shard, operands) in shards.enumerated() {
                var clock = clock
                clock.shard = shard
                results.append(try value(of: instruction, operands, inputs, clock))
            }
            values.append(results)
        }
        // What leaves a program is shared by its shards.
        for assignment in program.assignments {
            variables[assignment.variable.name] = values[assignment.instruction][0]
        }
        return Dictionary(
            uniqueKeysWithValues: program.outputs.map { ($0.name, values[$0.instruction][0]) })
    }

    private func value(
        of instruction: Program.Instruction, _ operands: [ReferenceTensor],
        _ inputs: [String: ReferenceTensor], _ clock: RandomClock
    ) throws(ExecutionError) -> ReferenceTensor {
        switch instruction.operation {
        case let input as Input:
            return try known(inputs[input.label], "input \(input.label)", input.declared)
        case let read as VariableRead:
            return try known(
                variables[read.variable.name], "variable \(read.variable.name)", read.variable.shape
            )
        default:
            return instruction.operation.evaluate(operands, clock)
        }
    }

    private func known(
        _ value: ReferenceTensor?, _ what: String, _ shape: Shape
    ) throws(ExecutionError) -> ReferenceTensor {
        guard let value else {
            throw ExecutionError("the \(what) has no value; set it before the run")
        }
        guard value.shape == shape else {
            throw ExecutionError(
                "the \(what) has shape \(value.shape), the program expects \(shape)")
        }
        guard value.values.count == shape.count else {
            throw ExecutionError(
                "the \(what) of shape \(shape) needs \(shape.count) values, not "
                    + "\(value.values.count)"
            )
        }
        return value
    }
}

/// A run that could not be carried out.
public struct ExecutionError: Error, Hashable, Sendable, CustomStringConvertible {
    /// One sentence: what is wrong and what to do.
    public let description: String
    /// An error that says `description`.
    public init(_ description: String) { self.description = description }
}

/// A dense row-major array in double precision: what the reference executor computes with.
public struct ReferenceTensor: Hashable, Sendable {
    /// The extent along each axis, outermost first; `[]` for a single number.
    public let shape: Shape
    /// The elements in row-major order.
    public var values: [Double]

    /// An array from its elements in row-major order.
    public init(shape: Shape, values: [Double]) {
        self.shape = shape
        self.values = values
    }

    /// An array whose element number i is `element(i)`.
    package init(_ shape: Shape, element: (Int) -> Double) {
        self.init(shape: shape, values: (0..<shape.count).map(element))
    }

    /// The elements at `offset` plus the product of each index with `strides`.
    package func gathered(_ shape: Shape, strides: [Int], offset: Int = 0) -> ReferenceTensor {
        var result = [Double](repeating: 0, count: shape.count)
        shape.forEachIndex { element, index in
            result[element] = values[offset + zip(index, strides).reduce(0) { $0 + $1.0 * $1.1 }]
        }
        return ReferenceTensor(shape: shape, values: result)
    }
}

extension Shape {
    /// Calls `body` with the number and the index of each element in row-major order.
    package func forEachIndex(_ body: (Int, [Int]) -> Void) {
        var index = [Int](repeating: 0, count: rank)
        for element in 0..<count {
            body(element, index)
            var axis = rank - 1
            while axis >= 0 {
                index[axis] += 1
                if index[axis] < dimensions[axis] { break }
                index[axis] = 0
                axis -= 1
            }
        }
    }
}
