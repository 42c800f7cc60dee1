import CKernels
package import TensorGraph

/// A matrix product whose left operand is a mask times an outer product: see `wk_masked.h`.
package struct MaskedProductStep: Sendable {
    /// Numbers that stand a stride apart.
    package struct Factors: Sendable {
        package var reference: BufferReference
        package var stride: Int
    }

    package var extents: MatrixProduct.Extents
    package var transposesFirst: Bool
    package var first: BufferReference
    package var second: BufferReference
    /// Of all, of each row of the result, and of each depth of the sum.
    package var scale: Float
    package var rows: Factors
    package var depths: Factors
    package var target: BufferReference
    /// Where the mask and the right operand are laid out.
    package var digits = BufferReference(0)
    package var right = BufferReference(0)
    package var threads: Int

    package static var scratchBytes: Int { Int(wk_masked_scratch_bytes()) }

    var digitsBytes: Int {
        withUnsafePointer(to: wk_masked_shape(self)) { Int(wk_masked_digits_bytes($0)) }
    }
    var rightCount: Int {
        withUnsafePointer(to: wk_masked_shape(self)) { Int(wk_masked_right_count($0)) }
    }
}

extension wk_masked_shape {
    init(_ step: MaskedProductStep) {
        self.init(
            m: Int64(step.extents.m), n: Int64(step.extents.n), k: Int64(step.extents.k),
            transpose_a: step.transposesFirst ? 1 : 0)
    }
}
