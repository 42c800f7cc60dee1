package import TensorGraph

/// What each instruction's result is to the executor: one number everywhere that is known
/// beforehand, a view of another result's memory, or memory of its own.
package struct Values: InstructionLookup {
    package let program: Program
    /// The number that fills a result everywhere, where that is known.
    package private(set) var splats: [Float?] = []
    /// Where each result is found: in the memory of another one, or in its own.
    package private(set) var views: [StridedView] = []
    /// Whether a result is one that all shards of a divided program share.
    let isShared: [Bool]
    /// The matrix products that are done as products of masks.
    private(set) var maskedProducts: [Int: MaskedProduct] = [:]
    private var read: [[Int]]

    package init(_ program: Program, _ tuning: Tuning) {
        self.program = program
        isShared = program.isShared
        read = program.instructions.map(\.operands)
        for number in program.instructions.indices {
            splats.append(splat(number))
            views.append(view(number))
        }
        for number in program.instructions.indices {
            guard let product = maskedProduct(number, tuning) else { continue }
            maskedProducts[number] = product
            read[number] += [product.outer.rows, product.outer.columns].compactMap { $0 }
        }
    }

    package func shape(_ number: Int) -> Shape { program.instructions[number].shape }
    package func operation(_ number: Int) -> any Operation {
        program.instructions[number].operation
    }
    /// The program's own operands of an instruction, for ``Gate``; plans use ``reads(_:)``.
    package func operands(_ number: Int) -> [Int] { program.instructions[number].operands }
    package func isZero(_ number: Int) -> Bool { splats[number] == 0 }
    /// What is read to compute an instruction: its operands, then what a masked one is made of.
    package func reads(_ number: Int) -> [Int] { read[number] }

    /// Whether the result is memory of its own, not a view and not the same number everywhere.
    package func isOwn(_ number: Int) -> Bool {
        splats[number] == nil && views[number].root == number
    }

    /// Whether the result exists before the program runs.
    package func isSource(_ number: Int) -> Bool {
        let operation = operation(number)
        return operation is Constant || operation is Input || operation is VariableRead
            || operation is Iota
    }

    package func isElementwise(_ number: Int) -> Bool {
        let operation = operation(number)
        return operation is Unary || operation is Binary || operation is Compare
            || operation is Select || operation is StopGradient
    }

    package func isDense(_ number: Int) -> Bool { views[number].isDense(shape(number)) }

    private func splat(_ number: Int) -> Float? {
        switch operation(number) {
        case let constant as Constant where constant.value.values.count == 1:
            return Float(constant.value.values[0])
        case is ChangeShape, is Broadcast, is Transpose, is Slice:
            return splats[reads(number)[0]]
        default: return nil
        }
    }

    private func view(_ number: Int) -> StridedView {
        let own = StridedView(whole: number, shape(number))
        guard let operand = reads(number).first else { return own }
        switch operation(number) {
        case is ChangeShape:
            return views[operand].reshaped(from: shape(operand), to: shape(number)) ?? own
        case let broadcast as Broadcast: return views[operand].broadcast(broadcast)
        case let transpose as Transpose: return views[operand].transposed(transpose.permutation)
        case let slice as Slice: return views[operand].sliced(slice)
        default: return own
        }
    }
}
