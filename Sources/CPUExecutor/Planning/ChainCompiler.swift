import CKernels
import TensorGraph

/// Chains of element-wise operations as programs over registers.
extension PlanBuilder {
    mutating func plan(_ chain: Chain, over shape: Shape) {
        guard shape.count > 0 else { return planEmpty(chain) }
        let contractions = Contractions(values, chain.members, placement.stored)
        var compiler = ChainCompiler(
            shape, values, chain.members, placement.stored, placement.rectifiers, contractions)
        for member in chain.members where contractions.homes[member] == nil {
            for operand in compiler.operands(of: member) where !compiler.holds(operand) {
                if let rectifier = placement.rectifier(of: operand, for: member) {
                    load(rectifier, shape, into: &compiler)
                    load(values.reads(operand)[1], shape, into: &compiler)
                    let compared = [rectifier, values.reads(operand)[1]]
                    if !compiler.decides(operand, from: compared) {
                        compiler.compute(operand, from: compared, keepsRegister: true)
                    }
                } else {
                    load(operand, shape, into: &compiler)
                }
            }
            if values.operation(member) is Reduce || compiler.decides(member) { continue }
            compiler.compute(member, keepsRegister: placement.stored.contains(member))
        }
        var step = compiler.step(threads: threads)
        for member in chain.members {
            if let reduce = values.operation(member) as? Reduce {
                let target = target(of: member)
                step.reductions.append(
                    compiler.reduction(reduce, member, to: target, values.reads(member)[0]))
            } else if placement.stored.contains(member) {
                let register = compiler.register(of: member)
                step.stores.append(
                    .init(reference: target(of: member), register: register))
            }
        }
        step.registers = compiler.registers
        step.dropUnreadLoads()
        step.finish(tuning)
        append(step, label(of: chain, shape), cost(of: chain, step))
    }

    private mutating func load(_ number: Int, _ shape: Shape, into compiler: inout ChainCompiler) {
        guard !compiler.holds(number) else { return }
        let load = source(of: number, shape)
        compiler.load(number, load.reference, load.strides)
    }

    /// A reduction over nothing gives zeros.
    private mutating func planEmpty(_ chain: Chain) {
        for member in chain.members where values.operation(member) is Reduce {
            let count = values.shape(member).count
            copy(filled(0, count), to: target(of: member), count: count)
        }
    }

    /// Where a chain finds an operand that it does not compute itself.
    private mutating func source(
        of operand: Int, _ shape: Shape
    ) -> (reference: BufferReference, strides: [Int]) {
        if let splat = values.splats[operand] {
            return (filled(splat, 1), shape.dimensions.map { _ in 0 })
        }
        let view = values.views[operand]
        return (base(of: view), view.strides)
    }

    private func label(of chain: Chain, _ shape: Shape) -> String {
        let names = chain.members.map { values.operation($0).name }
        let shown = names.prefix(6).joined(separator: " ")
        return "chain \(shape) \(shown)" + (names.count > 6 ? " … (\(names.count))" : "")
    }

    private func cost(of chain: Chain, _ step: FusedStep) -> Cost {
        let flops = chain.members.map { cost($0).flops }.reduce(0, +)
        let read = step.loads.map { load in
            zip(load.strides, step.extents).reduce(1) { $1.0 == 0 ? $0 : $0 * $1.1 }
        }
        let written = step.stores.count * step.count + step.reductions.map(\.count).reduce(0, +)
        return Cost(flops: flops, bytes: 4 * (read.reduce(0, +) + written))
    }
}

/// Assigns registers to the values of a chain.
private struct ChainCompiler {
    private let shape: Shape
    private let values: Values
    private var registerOf: [Int: Int] = [:]
    private var free: [Int] = []
    private(set) var registers = 0
    private var loads: [FusedStep.Load] = []
    private var loadKeys: [LoadKey: Int] = [:]
    private var operations: [FusedStep.Operation] = []
    private var lastUse: [Int: Int] = [:]
    private var isPooled: Set<Int> = []
    /// Comparisons that only choices read, which make them themselves.
    private var foldable: Set<Int> = []
    /// What those compare that have been met.
    private var compared: [Int: [Int]] = [:]
    /// The comparison of a rectifier of the chain; choices after it compare the rectifier's value.
    private var maskOfRectifier: [Int: Int] = [:]
    private let contractions: Contractions

    private struct LoadKey: Hashable { let reference: BufferReference, strides: [Int] }

    init(
        _ shape: Shape, _ values: Values, _ members: [Int], _ stored: Set<Int>,
        _ rectifiers: [Int: Int], _ contractions: Contractions
    ) {
        (self.shape, self.values, self.contractions) = (shape, values, contractions)
        for member in members {
            // A reduction reads its operand after the whole chain.
            let isLast = values.operation(member) is Reduce
            let time = isLast ? Int.max : contractions.homes[member] ?? member
            for operand in values.reads(member) {
                lastUse[operand] = max(lastUse[operand] ?? 0, time)
            }
        }
        foldable = Self.foldable(values, members).subtracting(stored)
        for mask in foldable where members.contains(mask) {
            let (operands, end) = (values.reads(mask), lastUse[mask]!)
            lastUse[operands[1]] = max(lastUse[operands[1]]!, end)
            if let rectifier = rectifiers[mask], members.contains(rectifier) {
                maskOfRectifier[rectifier] = mask
                lastUse[operands[0]] = max(lastUse[operands[0]]!, rectifier)
                lastUse[rectifier] = max(lastUse[rectifier] ?? 0, end)
            } else {
                lastUse[operands[0]] = max(lastUse[operands[0]]!, end)
            }
        }
    }

    /// The comparisons of a kind that has an operation of its own which are read as conditions
    /// only.
    private static func foldable(_ values: Values, _ members: [Int]) -> Set<Int> {
        var (conditions, others) = (Set<Int>(), Set<Int>())
        for member in members {
            let isChoice = values.operation(member) is Select
            for (index, operand) in values.reads(member).enumerated() {
                if isChoice && index == 0 {
                    conditions.insert(operand)
                } else {
                    others.insert(operand)
                }
            }
        }
        return conditions.subtracting(others).filter {
            (values.operation($0) as? Compare)?.comparison.choice != nil
        }
    }

    /// What is read to compute an instruction, with others as a part of it or not.
    func operands(of number: Int) -> [Int] {
        contractions.contractions[number]?.operands ?? values.reads(number)
    }

    func holds(_ number: Int) -> Bool { registerOf[number] != nil || compared[number] != nil }

    /// Leaves a comparison to the choices that read it, if it can be left.
    mutating func decides(_ number: Int) -> Bool {
        decides(number, from: values.reads(number))
    }

    mutating func decides(_ number: Int, from operands: [Int]) -> Bool {
        guard foldable.contains(number) else { return false }
        compared[number] = operands
        return true
    }
    func register(of number: Int) -> Int { registerOf[number]! }

    private mutating func newRegister() -> Int {
        registers += 1
        return registers - 1
    }

    mutating func load(_ number: Int, _ reference: BufferReference, _ strides: [Int]) {
        let key = LoadKey(reference: reference, strides: strides)
        if let known = loadKeys[key] {
            registerOf[number] = known
            return
        }
        let register = newRegister()
        loads.append(.init(reference: reference, strides: strides, register: register))
        loadKeys[key] = register
        registerOf[number] = register
    }

    mutating func compute(_ number: Int, keepsRegister: Bool) {
        compute(number, from: operands(of: number), keepsRegister: keepsRegister)
    }

    mutating func compute(_ number: Int, from operands: [Int], keepsRegister: Bool) {
        var operands = operands
        var opcode = contractions.contractions[number]?.opcode ?? opcode(values.operation(number))
        if let sides = compared[operands[0]], values.operation(number) is Select,
            let comparison = (values.operation(operands[0]) as? Compare)?.comparison
        {
            operands.replaceSubrange(0..<1, with: sides)
            opcode = comparison.choice!
        }
        if opcode == WK_SELECT_LESS_EQUAL, values.splats[operands[1]] == 0,
            values.splats[operands[2]] == 0
        {
            (opcode, operands) = (WK_GATE, [operands[0], operands[3]])
        }
        let gated = opcode == WK_GATE ? absorb(operands, for: number) : nil
        let registers = gated?.operands ?? operands.map { registerOf[$0]! }
        for operand in Set(operands) where lastUse[operand] == number && isPooled.contains(operand)
        {
            free.append(registerOf[operand]!)
        }
        let isReduced = lastUse[number] == Int.max
        let target: Int
        if keepsRegister || isReduced {
            target = newRegister()
        } else {
            target = free.popLast() ?? newRegister()
            isPooled.insert(number)
        }
        registerOf[number] = target
        if let mask = maskOfRectifier[number] { compared[mask]?[0] = number }
        operations.append(
            .init(
                opcode: gated?.opcode ?? Int32(opcode.rawValue), target: target,
                operands: registers))
    }

    /// Takes back the operation before a gate, whose result nothing else reads, if there is one for
    /// both together: a sum that gates itself, which is a layer's bias and rectifier, or a product
    /// that is gated, which is their derivative.
    private mutating func absorb(
        _ operands: [Int], for number: Int
    ) -> (opcode: Int32, operands: [Int])? {
        let value = operands[1]
        guard let last = operations.last, last.target == registerOf[value],
            lastUse[value] == number, isPooled.contains(value)
        else { return nil }
        if operands[0] == value, last.opcode == Int32(WK_ADD.rawValue) {
            operations.removeLast()
            return (Int32(WK_ADD_RECTIFY.rawValue), last.operands)
        }
        if operands[0] != value, last.opcode == Int32(WK_MULTIPLY.rawValue) {
            operations.removeLast()
            return (
                Int32(WK_MULTIPLY_GATE.rawValue), [registerOf[operands[0]]!] + last.operands
            )
        }
        return nil
    }

    func step(threads: Int) -> FusedStep {
        FusedStep(
            extents: shape.dimensions, loads: loads, operations: operations, stores: [],
            reductions: [], registers: registers, threads: threads)
    }

    func reduction(
        _ reduce: Reduce, _ number: Int, to target: BufferReference, _ operand: Int
    ) -> FusedStep.Reduction {
        let result = values.shape(number)
        var strides = [Int](repeating: 0, count: shape.rank)
        let kept = shape.dimensions.indices.filter { !reduce.axes.contains($0) }
        for (axis, stride) in zip(kept, result.strides) { strides[axis] = stride }
        return .init(
            reference: target, strides: strides, count: result.count,
            register: registerOf[operand]!, kind: reduce.reduction)
    }

    private func opcode(_ operation: any Operation) -> wk_opcode {
        switch operation {
        case let unary as Unary: unary.opcode
        case let binary as Binary: binary.opcode
        case let compare as Compare: compare.comparison.opcode
        case is Select: WK_SELECT
        default: WK_COPY
        }
    }
}

extension Unary {
    fileprivate var opcode: wk_opcode {
        switch self {
        case .negate: WK_NEGATE
        case .exponential: WK_EXP
        case .log: WK_LOG
        case .sqrt: WK_SQRT
        case .tanh: WK_TANH
        case .logistic: WK_LOGISTIC
        case .abs: WK_ABS
        case .sign: WK_SIGN
        }
    }
}

extension Binary {
    fileprivate var opcode: wk_opcode {
        switch self {
        case .add: WK_ADD
        case .subtract: WK_SUBTRACT
        case .multiply: WK_MULTIPLY
        case .divide: WK_DIVIDE
        case .maximum: WK_MAXIMUM
        case .minimum: WK_MINIMUM
        }
    }
}

extension Comparison {
    /// The comparison and the choice by it as one operation.
    fileprivate var choice: wk_opcode? {
        switch self {
        case .greater: WK_SELECT_GREATER
        case .lessOrEqual: WK_SELECT_LESS_EQUAL
        default: nil
        }
    }

    fileprivate var opcode: wk_opcode {
        switch self {
        case .greater: WK_GREATER
        case .greaterOrEqual: WK_GREATER_EQUAL
        case .less: WK_LESS
        case .lessOrEqual: WK_LESS_EQUAL
        case .equal: WK_EQUAL
        case .notEqual: WK_NOT_EQUAL
        }
    }
}
