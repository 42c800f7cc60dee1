import TensorGraph

/// Turns a program's instructions into steps over buffers.
struct PlanBuilder {
    let values: Values
    let placement: Placement
    let threads: Int
    let processor: Processor
    private(set) var buffers: [Buffer] = []
    private(set) var steps: [PlannedStep] = []
    /// The buffer that holds each own result or source.
    private var bufferOf: [Int: Int] = [:]
    /// Buffers that several steps read and that are filled once, such as copies in another layout,
    /// by a key that says what they hold.
    private var made: [AnyHashable: BufferReference] = [:]

    init(_ values: Values, _ placement: Placement, threads: Int, _ processor: Processor) {
        (self.values, self.placement) = (values, placement)
        (self.threads, self.processor) = (threads, processor)
    }

    var tuning: Tuning { processor.tuning }
    private var program: Program { values.program }

    /// All of a program, in the order of its chains.
    mutating func build() throws -> [String: (reference: BufferReference, count: Int)] {
        // Every input has its place, also those whose elements nobody reads as there are none.
        for number in program.instructions.indices where values.operation(number) is Input {
            _ = buffer(of: number)
        }
        let early = copyOldValues()
        for chain in placement.chains.schedule { try plan(placement.chains.chains[chain]) }
        assignVariables(early)
        return gatherOutputs(early)
    }

    private mutating func plan(_ chain: Chain) throws {
        if case .fused(let shape) = chain.kind { return plan(chain, over: shape) }
        let number = chain.members[0]
        if isEmptyProduct(number) { return clear(number) }
        for kind in OperationKinds.all where try kind.plan(number, in: &self) { return }
        throw ExecutionError("the CPU executor has no step for \(values.operation(number).name)")
    }

    /// Whether a product has no terms or no results: oneDNN refuses it, its value is zero.
    private func isEmptyProduct(_ number: Int) -> Bool {
        switch values.operation(number) {
        case is MatrixProduct, is Convolution, is ConvolutionInputGradient,
            is ConvolutionWeightGradient:
            cost(number).flops == 0
        default: false
        }
    }

    /// Copies variables' old values that are outputs or other variables' new values, before any
    /// update can overwrite them.
    private mutating func copyOldValues() -> [Int: BufferReference] {
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
    ) {
        for assignment in program.assignments where placement.inPlace[assignment.instruction] == nil
        {
            let source = early[assignment.instruction] ?? dense(assignment.instruction)
            let target = BufferReference(buffer(of: assignment.variable))
            copy(source, to: target, count: assignment.variable.shape.count)
        }
    }

    private mutating func gatherOutputs(
        _ early: [Int: BufferReference]
    ) -> [String: (reference: BufferReference, count: Int)] {
        var outputs: [String: (reference: BufferReference, count: Int)] = [:]
        for output in program.outputs {
            let count = values.shape(output.instruction).count
            var reference = early[output.instruction] ?? dense(output.instruction)
            if buffers[reference.buffer].place.changesBetweenRuns {
                let source = reference
                reference = allocated(count)
                copy(source, to: reference, count: count)
            }
            buffers[reference.buffer].isOutput = true
            outputs[output.name] = (reference, count)
        }
        return outputs
    }
}

/// Steps and buffers.
extension PlanBuilder {
    mutating func append(_ step: any PlannedOperation, _ label: String, _ cost: Cost) {
        steps.append(PlannedStep(step: step, label: label, cost: cost))
    }

    /// A step that does what an instruction says.
    mutating func append(_ step: any PlannedOperation, _ number: Int) {
        append(step, label(number), cost(number))
    }

    func label(_ number: Int) -> String {
        let operands = program.instructions[number].operands
        let shapes = operands.map { "\(values.shape($0))" }.joined(separator: " ")
        let arrow = shapes.isEmpty ? "" : shapes + " → "
        return "\(values.operation(number).name) \(arrow)\(values.shape(number))"
    }

    func cost(_ number: Int) -> Cost { program.cost(of: program.instructions[number]) }

    /// The buffer that `make` fills, or the one that was filled before under the same key.
    mutating func shared(
        _ key: some Hashable, _ make: (inout PlanBuilder) throws -> BufferReference
    ) rethrows -> BufferReference {
        if let known = made[AnyHashable(key)] { return known }
        let reference = try make(&self)
        made[AnyHashable(key)] = reference
        return reference
    }

    /// Memory for so many numbers.
    mutating func allocated(_ count: Int, _ place: Buffer.Place = .arena) -> BufferReference {
        buffers.append(Buffer(place: place, count: count))
        return BufferReference(buffers.count - 1)
    }

    /// Where a step writes an own result.
    mutating func target(of number: Int) -> BufferReference {
        BufferReference(buffer(of: number))
    }

    /// Says that a result needs no step, since the buffer already holds it.
    mutating func adopt(_ reference: BufferReference, _ number: Int) {
        precondition(reference.offset == 0)
        bufferOf[number] = reference.buffer
    }

    /// The buffer of an own result or a source.
    private mutating func buffer(of number: Int) -> Int {
        if let known = bufferOf[number] { return known }
        let count = values.shape(number).count
        let index: Int
        switch values.operation(number) {
        case let constant as Constant:
            index = allocated(count, .constant(constant.value.values.map(Float.init))).buffer
        case let iota as Iota:
            let numbers = iota.evaluate([], RandomClock()).values.map(Float.init)
            index = allocated(count, .constant(numbers)).buffer
        case let input as Input:
            index =
                sharedBuffer { $0.isInput(input.label) }
                ?? allocated(count, .input(input.label)).buffer
        case let read as VariableRead: index = buffer(of: read.variable)
        default:
            index =
                placement.inPlace[number].map { buffer(of: $0) } ?? allocated(count).buffer
        }
        bufferOf[number] = index
        return index
    }

    private mutating func buffer(of variable: Variable) -> Int {
        sharedBuffer { $0.isVariable(variable.name) }
            ?? allocated(variable.shape.count, .variable(variable)).buffer
    }

    private func sharedBuffer(where matches: (Buffer.Place) -> Bool) -> Int? {
        buffers.firstIndex { matches($0.place) }
    }

    /// A buffer filled with one number.
    mutating func filled(_ value: Float, _ count: Int) -> BufferReference {
        shared(Fill(bits: value.bitPattern, count: count)) {
            $0.allocated(count, .constant(Array(repeating: value, count: count)))
        }
    }

    /// Where the first element of a view lies.
    mutating func base(of view: StridedView) -> BufferReference {
        BufferReference(buffer(of: view.root), offset: view.offset)
    }

    /// An operand as dense memory, copied only if it is not so already.
    mutating func dense(_ number: Int) -> BufferReference {
        if let splat = values.splats[number] { return filled(splat, values.shape(number).count) }
        return values.isDense(number) ? base(of: values.views[number]) : copied(number)
    }
}

/// Numbers known beforehand, written out: bits, since −0 is not 0.
private struct Fill: Hashable { let bits: UInt32, count: Int }

extension Buffer.Place {
    /// Whether others than the plan's steps write here.
    var changesBetweenRuns: Bool {
        switch self {
        case .input, .variable: true
        case .arena, .constant: false
        }
    }

    func isInput(_ name: String) -> Bool {
        if case .input(let label) = self { label == name } else { false }
    }

    func isVariable(_ name: String) -> Bool {
        if case .variable(let variable) = self { variable.name == name } else { false }
    }
}
