import CKernels
import TensorGraph

/// Products of masks.
extension Planner {
    /// Emits a product as one of a mask, if it is such.
    mutating func emitMasked(_ number: Int) throws -> Bool {
        guard let product = values.maskedProducts[number] else { return false }
        let (extents, operands) = (product.extents, values.operands(number))
        let shape = wk_masked_shape(extents, transposesFirst: product.transposesFirst)
        let step = MaskedProductStep(
            extents: extents, transposesFirst: product.transposesFirst,
            first: try dense(operands[0]), second: try dense(operands[1]),
            scale: product.outer.scale, rows: factors(product.rows),
            depths: factors(product.depths),
            target: BufferReference(buffer(of: number)),
            digits: BufferReference(allocate(shape.digitsCount)),
            right: BufferReference(allocate(shape.rightCount)), threads: threads)
        let (m, n, k) = (extents.m, extents.n, extents.k)
        append(
            .maskedProduct(step), "masked " + label(number),
            Cost(flops: (m + 16) * n * k / 4, bytes: 4 * (m * k + k * n + m * n)))
        return true
    }

    private mutating func factors(
        _ place: (operand: Int, axis: Int)?
    ) -> MaskedProductStep.Factors {
        guard let place else { return .init(reference: filled(1, 1), stride: 0) }
        let view = values.views[place.operand]
        return .init(reference: base(of: view), stride: view.strides[place.axis])
    }
}
