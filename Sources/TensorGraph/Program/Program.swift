/// How exactly matrix products and convolutions are computed. All else is float32: weights, the
/// optimiser's averages, sums, norms.
public enum Precision: String, Hashable, Sendable, CaseIterable {
    /// All 24 bits of the factors.
    case float32
    /// Factors may lose bits where a device is faster then: on NVIDIA's GPUs all but 11, on TPUs,
    /// which take three products of bfloat16 for one, almost none, elsewhere none.
    case tf32
    /// Factors are rounded to 8 bits; their products are summed in float32.
    case bfloat16
}

/// A step of work, ready to be compiled: operations in order, named results and assignments.
///
/// A run reads its inputs and the variables as they are at its beginning, computes, and assigns the
/// new values at its end.
public struct Program: Sendable {
    package struct Instruction: Sendable {
        package var operation: any Operation
        /// Numbers of earlier instructions.
        package var operands: [Int]
        package var shape: Shape
    }

    package struct Result: Sendable {
        package let name: String
        package var instruction: Int
    }

    package struct Assignment: Sendable {
        package let variable: Variable
        package var instruction: Int
    }

    package var instructions: [Instruction]
    package var outputs: [Result]
    package var assignments: [Assignment]
    /// How exactly products are computed.
    package private(set) var precision = Precision.float32
    /// The equal parts into which batches are divided; 1 for a program that is not divided.
    package var shards = 1

    /// A program that computes `outputs` and assigns `updates`, simplified.
    ///
    /// - Parameters:
    ///   - outputs: What a run gives back, each under a name of its own.
    ///   - updates: The new values of variables, assigned when a run ends.
    ///   - precision: How exactly products are computed.
    /// - Throws: The first ``GraphError`` among the tensors' mistakes; also when a variable is
    ///   assigned twice or a value of another shape, or one name stands for two inputs or
    ///   variables.
    public init(
        outputs: [(name: String, tensor: Tensor)] = [],
        updates: [(variable: Variable, value: Tensor)] = [], precision: Precision = .float32
    ) throws(GraphError) {
        try self.init(tracing: outputs, updates)
        self.precision = precision
        self = simplified()
    }

    /// The operations as they were traced, without simplification.
    package init(
        tracing outputs: [(name: String, tensor: Tensor)],
        _ updates: [(variable: Variable, value: Tensor)] = []
    ) throws(GraphError) {
        let order = topologicalOrder((outputs.map(\.tensor) + updates.map(\.value)).map(\.node))
        if let failure = order.first(where: \.isInvalid)?.failure { throw failure }
        var numbers: [ObjectIdentifier: Int] = [:]
        instructions = []
        for node in order {
            numbers[ObjectIdentifier(node)] = instructions.count
            instructions.append(
                Instruction(
                    operation: node.operation,
                    operands: node.operands.map { numbers[ObjectIdentifier($0)]! },
                    shape: node.shape))
        }
        self.outputs = outputs.map {
            Result(name: $0.name, instruction: numbers[ObjectIdentifier($0.tensor.node)]!)
        }
        assignments = updates.map {
            Assignment(
                variable: $0.variable, instruction: numbers[ObjectIdentifier($0.value.node)]!)
        }
        try checkNames()
    }

    private func checkNames() throws(GraphError) {
        let fail = { (message: String) in
            GraphError(message: message, location: CallSite().line)
        }
        var assigned: Set<String> = []
        for assignment in assignments {
            let (variable, shape) = (
                assignment.variable, instructions[assignment.instruction].shape
            )
            guard variable.shape == shape else {
                throw fail(
                    "the variable \(variable.name) of shape \(variable.shape) cannot hold a value "
                        + "of shape \(shape)"
                )
            }
            guard assigned.insert(variable.name).inserted else {
                throw fail("the variable \(variable.name) is assigned twice")
            }
        }
        var shapes: [String: Shape] = [:]
        let declared =
            instructions.compactMap { instruction -> (String, Shape)? in
                if let input = instruction.operation as? Input {
                    return ("input \(input.label)", input.declared)
                }
                guard let read = instruction.operation as? VariableRead else { return nil }
                return ("variable \(read.variable.name)", read.variable.shape)
            } + assignments.map { ("variable \($0.variable.name)", $0.variable.shape) }
        for (name, shape) in declared {
            if let other = shapes.updateValue(shape, forKey: name), other != shape {
                throw fail("the \(name) is used with two shapes, \(other) and \(shape)")
            }
        }
        guard Set(outputs.map(\.name)).count == outputs.count else {
            throw fail("two outputs have one name: \(outputs.map(\.name))")
        }
    }

    /// The instructions whose values leave the program: outputs, then variables' new values.
    package var results: [Int] { outputs.map(\.instruction) + assignments.map(\.instruction) }

    /// Makes the results those instructions that `numbers` says theirs have become.
    package mutating func renumberResults(_ numbers: [Int]) {
        for index in outputs.indices {
            outputs[index].instruction = numbers[outputs[index].instruction]
        }
        for index in assignments.indices {
            assignments[index].instruction = numbers[assignments[index].instruction]
        }
    }

    /// The inputs that a run must be given, in the order of their first use.
    public var inputs: [(name: String, shape: Shape)] {
        var seen: Set<String> = []
        return instructions.compactMap { instruction in
            guard let input = instruction.operation as? Input, seen.insert(input.label).inserted
            else { return nil }
            return (input.label, input.declared)
        }
    }

    /// The variables that are read or assigned.
    public var variables: [Variable] {
        var seen: Set<Variable> = []
        let read = instructions.compactMap { ($0.operation as? VariableRead)?.variable }
        return (read + assignments.map(\.variable)).filter { seen.insert($0).inserted }
    }
}

extension Program {
    /// The program with its random numbers given from outside: each draw becomes an input, named by
    /// its kind and stream, so that two engines can be fed with the same numbers.
    package func takingRandomNumbersAsInputs() -> Program {
        var result = self
        for index in instructions.indices {
            guard let random = instructions[index].operation as? RandomNumbers else { continue }
            result.instructions[index].operation = Input(
                label: random.inputName, declared: random.declared)
        }
        return result
    }
}

extension RandomNumbers {
    /// The name of the input that ``Program/takingRandomNumbersAsInputs()`` puts in place.
    fileprivate var inputName: String { "\(kind.rawValue) \(stream)" }
}

extension Program {
    /// The program itself; traps in debug builds if it breaks a rule that every pass must keep.
    package func verified(after pass: @autoclosure () -> String) -> Program {
        assert(violation == nil, "after \(pass()): \(violation!)")
        return self
    }

    /// The first broken rule: operands come earlier, shapes are what the operations say, results
    /// exist, and every operation is in the catalogue.
    package var violation: String? {
        for (number, instruction) in instructions.enumerated() {
            guard instruction.operands.allSatisfy({ 0 <= $0 && $0 < number }) else {
                return "%\(number) uses a value that is not computed before it"
            }
            let name = instruction.operation.name
            guard
                PrimitiveCatalogue.names.contains(name)
                    || shards > 1 && PrimitiveCatalogue.ofDividedPrograms.contains(name)
            else {
                return "%\(number) is \(instruction.operation.name), which is not in the catalogue"
            }
            let operands = instruction.operands.map { instructions[$0].shape }
            guard (try? instruction.operation.shape(operands)) == instruction.shape else {
                return "%\(number) has shape \(instruction.shape), its operation says otherwise"
            }
        }
        for result in results
        where !instructions.indices.contains(result) {
            return "the result %\(result) does not exist"
        }
        for assignment in assignments
        where instructions[assignment.instruction].shape != assignment.variable.shape {
            return "the variable \(assignment.variable.name) is assigned another shape"
        }
        return nil
    }
}
