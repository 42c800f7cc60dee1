import TensorGraph

/// What is decided about a program's results before there are steps: in which order chains run,
/// which variables are updated in place, and what is stored.
struct Placement {
    private(set) var chains: Chains
    /// Variables by the instruction that computes their new value in place.
    private(set) var inPlace: [Int: Variable] = [:]
    /// Results that someone outside their chain reads.
    private(set) var stored: Set<Int> = []
    /// For a mask, x ≤ 0 or x > 0, the value of the rectifier that it decides. Other chains compute
    /// the mask again from that value's sign, so that the mask need not be stored.
    let rectifiers: [Int: Int]
    private let values: Values

    init(_ values: Values, _ chains: Chains) {
        (self.values, self.chains) = (values, chains)
        rectifiers = values.rectifiersByMask().filter { chains.chainOf[$0] == chains.chainOf[$1] }
        chooseInPlaceUpdates()
        findStored()
    }

    private var program: Program { values.program }

    /// Lets a chain write a variable's new value over the old where every reader can come first.
    private mutating func chooseInPlaceUpdates() {
        let results = program.assignments.map(\.instruction)
        for assignment in program.assignments {
            let number = assignment.instruction
            guard values.isOwn(number), values.isElementwise(number),
                results.filter({ $0 == number }).count == 1, let chain = chains.chainOf[number],
                !isReadOutsideChains(assignment.variable, exceptBy: chain)
            else { continue }
            let readers = Set(
                program.instructions.indices.filter { reads($0, assignment.variable) }
                    .compactMap { chains.chainOf[$0] })
            if chains.order(readers, before: chain) { inPlace[number] = assignment.variable }
        }
    }

    /// Whether an own result is computed from a variable's old value.
    private func reads(_ number: Int, _ variable: Variable) -> Bool {
        values.isOwn(number)
            && values.reads(number).contains { isOldValue($0, of: variable) }
    }

    private func isOldValue(_ operand: Int, of variable: Variable) -> Bool {
        guard values.splats[operand] == nil,
            let read = values.operation(values.views[operand].root) as? VariableRead
        else { return false }
        return read.variable == variable
    }

    /// Whether the old value is an output or another variable's new value, or is read by `chain`
    /// otherwise than element by element.
    private func isReadOutsideChains(_ variable: Variable, exceptBy chain: Int) -> Bool {
        if program.results.contains(where: { isOldValue($0, of: variable) }) { return true }
        return chains.chains[chain].members.contains { member in
            values.reads(member).contains { operand in
                guard isOldValue(operand, of: variable) else { return false }
                let shape = values.shape(operand)
                return !values.isDense(operand) || shape.count != variable.shape.count
                    || (values.operation(member) is Reduce)
            }
        }
    }

    /// The rectifier from which `number` can compute the mask that is its operand.
    func rectifier(of operand: Int, for number: Int) -> Int? {
        guard let chain = chains.chainOf[number], case .fused = chains.chains[chain].kind,
            chains.chainOf[operand] != chain
        else { return nil }
        return rectifiers[operand]
    }

    private mutating func findStored() {
        for number in program.results where values.splats[number] == nil {
            stored.insert(values.views[number].root)
        }
        for number in program.instructions.indices where values.isOwn(number) {
            for operand in values.reads(number) where values.splats[operand] == nil {
                let root = values.views[operand].root
                let sameChain =
                    chains.chainOf[root] != nil && chains.chainOf[root] == chains.chainOf[number]
                if !sameChain { stored.insert(rectifier(of: operand, for: number) ?? root) }
            }
        }
    }
}

/// The masks of rectifiers, which need not be stored.
extension Values {
    /// For each comparison x ≤ 0 or x > 0 the value of the ReLU or LeakyReLU that it decides: the
    /// sign of that value tells the same, and it is stored anyway, for the next layer.
    func rectifiersByMask() -> [Int: Int] {
        var rectifiers: [Int: Int] = [:]
        for number in program.instructions.indices where operation(number) is Select {
            let operands = reads(number)
            let mask = operands[0]
            guard rectifiers[mask] == nil, let compare = operation(mask) as? Compare,
                splats[reads(mask)[1]] == 0
            else { continue }
            let x = reads(mask)[0]
            let gate = Gate(number, self)
            let isReLU =
                compare.comparison == .lessOrEqual && gate?.isZeroWhereTrue == true
                && gate?.value == x
            let isLeaky =
                compare.comparison == .greater && operands[1] == x
                && isPositiveMultiple(operands[2], of: x)
            if isReLU || isLeaky { rectifiers[mask] = number }
        }
        return rectifiers
    }

    private func isPositiveMultiple(_ number: Int, of x: Int) -> Bool {
        guard operation(number) as? Binary == .multiply else { return false }
        let operands = reads(number)
        guard let index = operands.firstIndex(of: x) else { return false }
        return (splats[operands[1 - index]] ?? 0) > 0
    }
}
