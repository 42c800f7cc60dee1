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
            guard PrimitiveCatalogue.names.contains(instruction.operation.name) else {
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
