import TensorGraph

extension Planner {
    mutating func allocate(_ count: Int, _ place: Buffer.Place = .arena) -> Int {
        buffers.append(Buffer(place: place, count: count))
        return buffers.count - 1
    }

    mutating func append(_ step: Step, _ label: String, _ cost: Cost) {
        steps.append(PlannedStep(step: step, label: label, cost: cost))
    }

    /// The buffer of an own result or a source.
    mutating func buffer(of number: Int) -> Int {
        if let known = bufferOf[number] { return known }
        let count = values.shape(number).count
        let index: Int
        switch values.operation(number) {
        case let constant as Constant:
            index = allocate(count, .constant(constant.value.values.map(Float.init)))
        case let iota as Iota:
            let numbers = iota.evaluate([], RandomClock()).values.map(Float.init)
            index = allocate(count, .constant(numbers))
        case let input as Input:
            index =
                sharedBuffer { $0.isInput(input.label) }
                ?? allocate(count, .input(input.label))
        case let read as VariableRead: index = buffer(of: read.variable)
        default: index = inPlace[number].map { buffer(of: $0) } ?? allocate(count)
        }
        bufferOf[number] = index
        return index
    }

    mutating func buffer(of variable: Variable) -> Int {
        sharedBuffer { $0.isVariable(variable.name) }
            ?? allocate(variable.shape.count, .variable(variable))
    }

    private func sharedBuffer(where matches: (Buffer.Place) -> Bool) -> Int? {
        buffers.firstIndex { matches($0.place) }
    }

    /// A buffer filled with one number.
    mutating func filled(_ value: Float, _ count: Int) -> BufferReference {
        let key = Fill(bits: value.bitPattern, count: count)
        if let known = fills[key] { return BufferReference(known) }
        let index = allocate(count, .constant(Array(repeating: value, count: count)))
        fills[key] = index
        return BufferReference(index)
    }

    /// Where the first element of a view lies.
    mutating func base(of view: StridedView) -> BufferReference {
        BufferReference(buffer(of: view.root), offset: view.offset)
    }

    /// An operand as dense memory, copied only if it is not so already.
    mutating func dense(_ number: Int) throws -> BufferReference {
        if let splat = values.splats[number] { return filled(splat, values.shape(number).count) }
        return values.isDense(number) ? base(of: values.views[number]) : copied(number)
    }

    /// A dense copy of a view, made once.
    mutating func copied(_ number: Int) -> BufferReference {
        let (view, shape) = (values.views[number], values.shape(number))
        let key = StridedCopy(view: view, shape: shape)
        if let known = copies[key] { return known }
        let target = BufferReference(allocate(shape.count))
        let source = base(of: view)
        append(
            .copy(
                CopyStep(
                    to: .init(reference: target, strides: shape.strides),
                    from: .init(reference: source, strides: view.strides),
                    extents: shape.dimensions, threads: threads)),
            "copy \(shape)", Cost(bytes: 8 * shape.count))
        copies[key] = target
        return target
    }

    mutating func copy(_ source: BufferReference, to target: BufferReference, count: Int) {
        append(
            .copy(
                CopyStep(
                    to: .init(reference: target, strides: [1]),
                    from: .init(reference: source, strides: [1]), extents: [count],
                    threads: threads)),
            "copy [\(count)]", Cost(bytes: 8 * count))
    }
}

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
