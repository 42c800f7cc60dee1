import TensorGraph

/// Large matrix products by Strassen's scheme.
extension Planner {
    /// What a right operand's planes are known by; they are the same for any number of rows.
    struct RightPlanes: Hashable {
        let view: StridedView
        let shape: Shape
        let isTransposed: Bool
    }

    /// The rows that all products have together which could read a right operand's planes.
    static func rowsReadingPlanes(
        _ values: Values, _ processor: Processor
    ) -> [RightPlanes: Int] {
        var rows: [RightPlanes: Int] = [:]
        for number in values.program.instructions.indices {
            guard let scheme = strassenScheme(number, values, processor) else { continue }
            rows[rightPlanes(number, scheme, values), default: 0] += scheme.m
        }
        return rows
    }

    private static func strassenScheme(
        _ number: Int, _ values: Values, _ processor: Processor
    ) -> StrassenScheme? {
        guard let product = values.operation(number) as? MatrixProduct,
            values.maskedProducts[number] == nil
        else { return nil }
        let operands = values.operands(number).map(values.shape)
        return StrassenScheme(
            product.extents(operands[0], operands[1]),
            (first: product.transposeFirst, second: product.transposeSecond), processor)
    }

    private static func rightPlanes(
        _ number: Int, _ scheme: StrassenScheme, _ values: Values
    ) -> RightPlanes {
        let right = values.operands(number)[1]
        return RightPlanes(
            view: values.views[right], shape: values.shape(right),
            isTransposed: scheme.transposesSecond)
    }

    /// Emits a product by Strassen's scheme, if that is worth its planes.
    mutating func emitByStrassen(_ number: Int) throws -> Bool {
        guard let scheme = Self.strassenScheme(number, values, processor) else { return false }
        let key = Self.rightPlanes(number, scheme, values)
        guard rowsReadingPlanes[key, default: 0] >= scheme.fewestRows else { return false }
        let operands = values.operands(number)
        let planes = try planes(key, of: operands[1], scheme)
        append(
            .strassenProduct(
                StrassenProductStep(
                    scheme: scheme, first: try dense(operands[0]), planes: planes,
                    target: BufferReference(buffer(of: number)), threads: threads)),
            "strassen " + label(number),
            Cost(
                flops: cost(number).flops / 8 * 7,
                bytes: 4 * (scheme.planesCount + scheme.m * (scheme.n + scheme.k))))
        return true
    }

    /// A right operand's planes, made once for all products that read them.
    private mutating func planes(
        _ key: RightPlanes, of right: Int, _ scheme: StrassenScheme
    ) throws -> BufferReference {
        if let known = rightPlanes[key] { return known }
        let source = try dense(right)
        let target = BufferReference(allocate(scheme.planesCount))
        append(
            .strassenPlanes(
                StrassenPlanesStep(
                    scheme: scheme, source: source, planes: target, threads: threads)),
            "strassen planes \(key.shape)\(key.isTransposed ? "ᵀ" : "")",
            Cost(bytes: 4 * (scheme.planesCount + scheme.n * scheme.k)))
        rightPlanes[key] = target
        return target
    }
}
