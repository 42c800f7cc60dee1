import TensorGraph

/// Steps that call a kernel of fixed form.
extension Planner {
    mutating func emit(_ random: RandomNumbers, _ number: Int) {
        let count = values.shape(number).count
        append(
            .random(
                RandomStep(
                    target: BufferReference(buffer(of: number)), count: count, kind: random.kind,
                    stream: random.stream)),
            label(number), cost(number))
    }

    mutating func emit(_ product: MatrixProduct, _ number: Int) throws {
        if try emitMasked(number) || emitByStrassen(number) { return }
        let operands = values.operands(number)
        let extents = product.extents(values.shape(operands[0]), values.shape(operands[1]))
        let transposes = (first: product.transposeFirst, second: product.transposeSecond)
        let (first, second) = (try dense(operands[0]), try dense(operands[1]))
        try emitProduct(
            first, second, to: BufferReference(buffer(of: number)), extents, transposes,
            label(number), cost(number))
    }

    mutating func emitProduct(
        _ first: BufferReference, _ second: BufferReference, to target: BufferReference,
        _ extents: MatrixProduct.Extents, _ transposes: (first: Bool, second: Bool),
        _ label: String, _ cost: Cost
    ) throws {
        append(
            .matrixProduct(
                try MatrixProductStep(
                    first, second, to: target, extents, transposes, threads: threads, processor)),
            label, cost)
    }

    mutating func emit(_ pad: Pad, _ number: Int) {
        let (operand, shape) = (values.operands(number)[0], values.shape(number))
        let target = buffer(of: number)
        clear(number)
        let offset = zip(pad.low, shape.strides).map(*).reduce(0, +)
        let strides = zip(pad.interior, shape.strides).map { ($0 + 1) * $1 }
        place(operand, in: BufferReference(target, offset: offset), strides: strides)
    }

    /// Writes zeros to all of a result.
    mutating func clear(_ number: Int) {
        let shape = values.shape(number)
        let whole = CopyStep.Box(
            reference: BufferReference(buffer(of: number)), strides: shape.strides)
        append(
            .copy(CopyStep(to: whole, from: nil, extents: shape.dimensions, threads: threads)),
            "clear \(shape)", Cost(bytes: 4 * shape.count))
    }

    /// Whether a product has no terms or no results: oneDNN refuses it, its value is zero.
    func isEmptyProduct(_ number: Int) -> Bool {
        switch values.operation(number) {
        case is MatrixProduct, is Convolution, is ConvolutionInputGradient,
            is ConvolutionWeightGradient:
            cost(number).flops == 0
        default: false
        }
    }

    mutating func emit(_ concatenate: Concatenate, _ number: Int) {
        let target = buffer(of: number)
        let strides = values.shape(number).strides
        var start = 0
        for operand in values.operands(number) {
            let reference = BufferReference(target, offset: start * strides[concatenate.axis])
            place(operand, in: reference, strides: strides)
            start += values.shape(operand)[concatenate.axis]
        }
    }

    /// Copies an operand into a box of a larger buffer.
    private mutating func place(_ operand: Int, in target: BufferReference, strides: [Int]) {
        let shape = values.shape(operand)
        guard shape.count > 0 else { return }
        let source =
            values.splats[operand].map {
                CopyStep.Box(reference: filled($0, 1), strides: shape.dimensions.map { _ in 0 })
            }
            ?? CopyStep.Box(
                reference: base(of: values.views[operand]), strides: values.views[operand].strides)
        append(
            .copy(
                CopyStep(
                    to: .init(reference: target, strides: strides), from: source,
                    extents: shape.dimensions, threads: threads)),
            "place \(shape)", Cost(bytes: 8 * shape.count))
    }

    func label(_ number: Int) -> String {
        let operands = program.instructions[number].operands
        let shapes = operands.map { "\(values.shape($0))" }.joined(separator: " ")
        let arrow = shapes.isEmpty ? "" : shapes + " → "
        return "\(values.operation(number).name) \(arrow)\(values.shape(number))"
    }

    func cost(_ number: Int) -> Cost { program.cost(of: program.instructions[number]) }
}

extension ConvolutionExtents {
    /// Whether so few channels come out that oneDNN's kernels have no full vectors.
    var prefersProductForInputGradient: Bool {
        geometry.groups == 1 && channels <= 8 && outputChannels >= 16
    }
}
