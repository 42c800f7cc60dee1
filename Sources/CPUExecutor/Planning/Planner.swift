import CKernels
import TensorGraph

/// Turns a program into a plan: units in order, each as steps over buffers.
struct Planner {
    let values: Values
    var units: Units
    let threads: Int
    let processor: Processor
    var buffers: [Buffer] = []
    var steps: [PlannedStep] = []
    /// The buffer that holds each own result or source.
    var bufferOf: [Int: Int] = [:]
    /// Dense copies of views, by what they copy.
    var copies: [StridedCopy: BufferReference] = [:]
    /// Numbers known beforehand, written out.
    var fills: [Fill: Int] = [:]
    /// Convolution weights in a layout of oneDNN, by what they are: a place would not do, since a
    /// variable's new value may stand where the old one was.
    var reordered: [StridedCopy: [(primitive: Primitive, reference: BufferReference)]] = [:]
    /// Kernels transformed for Winograd's products.
    var kernelPlanes: [KernelPlanes: BufferReference] = [:]
    /// How many rows would be multiplied by each right operand's planes.
    let rowsReadingPlanes: [RightPlanes: Int]
    /// Right operands laid out for Strassen's products.
    var rightPlanes: [RightPlanes: BufferReference] = [:]
    /// Variables by the instruction that computes their new value in place.
    var inPlace: [Int: Variable] = [:]
    /// Results that someone outside their chain reads.
    var stored: Set<Int> = []
    /// What a mask is computed from again in another chain than its own, by the mask.
    var rectifiers: [Int: Int] = [:]

    struct StridedCopy: Hashable { let view: StridedView, shape: Shape }
    /// Bits, since −0 is not 0.
    struct Fill: Hashable { let bits: UInt32, count: Int }

    init(_ program: Program, threads: Int, _ processor: Processor) {
        values = Values(program)
        units = Units(values)
        rowsReadingPlanes = Self.rowsReadingPlanes(values, processor)
        (self.threads, self.processor) = (threads, processor)
    }

    var program: Program { values.program }

    /// The plan of a program for a number of threads of a processor.
    static func plan(
        _ program: Program, threads: Int, _ processor: Processor
    ) throws -> Plan {
        var planner = Planner(program, threads: threads, processor)
        planner.chooseInPlaceUpdates()
        planner.findRectifiers()
        planner.findStored()
        planner.locateInputs()
        let early = try planner.copyOldValues()
        for unit in planner.units.schedule { try planner.emit(unit) }
        try planner.assignVariables(early)
        let outputs = try planner.gatherOutputs(early)
        try planner.checkRanks()
        let steps = Bands(planner.steps, planner.buffers, threads: threads, processor).gathered()
        return Plan(
            buffers: planner.buffers, steps: steps, outputs: outputs,
            memory: MemoryPlan(planner.buffers, steps, threads: threads), threads: threads)
    }

    /// Lets a chain write a variable's new value over the old where every reader can come first.
    private mutating func chooseInPlaceUpdates() {
        let results = program.assignments.map(\.instruction)
        for assignment in program.assignments {
            let number = assignment.instruction
            guard values.isOwn(number), values.isElementwise(number),
                results.filter({ $0 == number }).count == 1, let unit = units.unitOf[number],
                !isReadOutsideChains(assignment.variable, exceptBy: unit)
            else { continue }
            let readers = Set(
                program.instructions.indices.filter { reads($0, assignment.variable) }
                    .compactMap { units.unitOf[$0] })
            if units.order(readers, before: unit) { inPlace[number] = assignment.variable }
        }
    }

    /// Whether an own result is computed from a variable's old value.
    private func reads(_ number: Int, _ variable: Variable) -> Bool {
        values.isOwn(number)
            && values.operands(number).contains { isOldValue($0, of: variable) }
    }

    private func isOldValue(_ operand: Int, of variable: Variable) -> Bool {
        guard values.splats[operand] == nil,
            let read = values.operation(values.views[operand].root) as? VariableRead
        else { return false }
        return read.variable == variable
    }

    /// Whether the old value is an output or another variable's new value, or is read by `unit`
    /// otherwise than element by element.
    private func isReadOutsideChains(_ variable: Variable, exceptBy unit: Int) -> Bool {
        if program.results.contains(where: { isOldValue($0, of: variable) }) { return true }
        return units.units[unit].members.contains { member in
            values.operands(member).contains { operand in
                guard isOldValue(operand, of: variable) else { return false }
                let shape = values.shape(operand)
                return !values.isDense(operand) || shape.count != variable.shape.count
                    || (values.operation(member) is Reduce)
            }
        }
    }

    /// Masks are computed in the chain of their rectifier, and again wherever they are needed.
    private mutating func findRectifiers() {
        rectifiers = values.rectifiersByMask().filter { units.unitOf[$0] == units.unitOf[$1] }
    }

    /// The rectifier from which `number` can compute the mask that is its operand.
    func rectifier(of operand: Int, for number: Int) -> Int? {
        guard let unit = units.unitOf[number], case .fused = units.units[unit].kind,
            units.unitOf[operand] != unit
        else { return nil }
        return rectifiers[operand]
    }

    private mutating func findStored() {
        for number in program.results where values.splats[number] == nil {
            stored.insert(values.views[number].root)
        }
        for number in program.instructions.indices where values.isOwn(number) {
            for operand in values.operands(number) where values.splats[operand] == nil {
                let root = values.views[operand].root
                let sameChain =
                    units.unitOf[root] != nil && units.unitOf[root] == units.unitOf[number]
                if !sameChain { stored.insert(rectifier(of: operand, for: number) ?? root) }
            }
        }
    }

    /// Gives every input its place, also those whose elements nobody reads because there are none.
    private mutating func locateInputs() {
        for number in program.instructions.indices where values.operation(number) is Input {
            _ = buffer(of: number)
        }
    }

    /// Copies variables' old values that are outputs or other variables' new values, before any
    /// update can overwrite them.
    private mutating func copyOldValues() throws -> [Int: BufferReference] {
        var early: [Int: BufferReference] = [:]
        for number in program.results where values.splats[number] == nil && early[number] == nil {
            let root = values.views[number].root
            guard values.operation(root) is VariableRead else { continue }
            early[number] = copied(number)
        }
        return early
    }

    /// The copies that bring new values into variables that could not be updated in place.
    private mutating func assignVariables(
        _ early: [Int: BufferReference]
    ) throws {
        for assignment in program.assignments where inPlace[assignment.instruction] == nil {
            let source = try early[assignment.instruction] ?? dense(assignment.instruction)
            let target = buffer(of: assignment.variable)
            copy(source, to: BufferReference(target), count: assignment.variable.shape.count)
        }
    }

    private mutating func gatherOutputs(
        _ early: [Int: BufferReference]
    ) throws -> [String: (reference: BufferReference, count: Int)] {
        var outputs: [String: (reference: BufferReference, count: Int)] = [:]
        for output in program.outputs {
            let count = values.shape(output.instruction).count
            var reference = try early[output.instruction] ?? dense(output.instruction)
            if buffers[reference.buffer].place.changesBetweenRuns {
                let source = reference
                reference = BufferReference(allocate(count))
                copy(source, to: reference, count: count)
            }
            buffers[reference.buffer].isOutput = true
            outputs[output.name] = (reference, count)
        }
        return outputs
    }

    private func checkRanks() throws {
        for planned in steps {
            let rank =
                switch planned.step {
                case .fused(let step): step.extents.count
                case .copy(let step): step.extents.count
                default: 0
                }
            guard rank > WK_MAX_RANK else { continue }
            throw ExecutionError(
                "the CPU executor goes through at most \(WK_MAX_RANK) axes at once and "
                    + "\(planned.label) needs \(rank); reshape the tensor to fewer axes")
        }
    }

    private mutating func emit(_ index: Int) throws {
        let unit = units.units[index]
        if case .fused(let shape) = unit.kind { return emitChain(unit, shape) }
        let number = unit.members[0]
        let operands = values.operands(number)
        if isEmptyProduct(number) { return clear(number) }
        switch values.operation(number) {
        case let random as RandomNumbers: emit(random, number)
        case let product as MatrixProduct: try emit(product, number)
        case let convolution as Convolution:
            try emit(
                .forward, convolution.geometry, input: operands[0], weights: operands[1],
                output: number,
                number)
        case let gradient as ConvolutionInputGradient:
            try emit(
                .inputGradient, gradient.geometry, input: number, weights: operands[1],
                output: operands[0],
                number)
        case let gradient as ConvolutionWeightGradient:
            try emit(
                .weightGradient, gradient.geometry, input: operands[0], weights: number,
                output: operands[1],
                number)
        case let pad as Pad: emit(pad, number)
        case let concatenate as Concatenate: emit(concatenate, number)
        case is Reshape: bufferOf[number] = copied(values.operands(number)[0]).buffer
        default:
            throw ExecutionError(
                "the CPU executor has no step for \(values.operation(number).name)")
        }
    }
}
